package dev.fewbit;

import dev.fewbit.core.findings.ModelFacts;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.planning.Planner;
import dev.fewbit.rounding.PlanRounding;
import dev.fewbit.rounding.RoundedPlan;
import dev.fewbit.rounding.RoundingOptions;
import dev.fewbit.tuning.PlanExecution;
import dev.fewbit.tuning.StaticTuning;
import dev.fewbit.tuning.TunedPlan;
import dev.fewbit.tuning.TuningOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * One quantization, described step by step and carried out by {@link #writeTo}.
 *
 * <pre>{@code
 * QuantizationResult result = Fewbit.quantize(Path.of("model.onnx"))
 *         .recipe(Recipe.INT4_WEIGHTS)
 *         .writeTo(Path.of("model-int4.onnx"));
 * }</pre>
 */
public final class Quantization extends ModelMaking<Quantization> {
    private static final String WITHOUT_DATA =
            "there is no data, so weights are rounded to the nearest level: give samples, and the"
                    + " rounding goes by what the layers compute on them, which loses far less";

    private @Nullable Path data;
    private Recipe recipe = Recipe.INT8_DYNAMIC;
    private @Nullable Plan plan;
    private List<Path> statistics = List.of();
    private OptionalDouble maximumLoss = OptionalDouble.empty();

    Quantization(Path source) {
        super(source);
    }

    @Override
    Quantization self() {
        return this;
    }

    /** Quantizes by a recipe; {@link Recipe#INT8_DYNAMIC} unless another is given. */
    public Quantization recipe(Recipe wanted) {
        this.recipe = Objects.requireNonNull(wanted, "recipe");
        return this;
    }

    /**
     * Samples to calibrate static activations on and to round weights by, in any form that {@link
     * ModelComparing#data} takes. Without them and without {@link #statistics}, inputs for static
     * activations are drawn at random, which says little about real ones; and recipes that round by
     * data round to the nearest level.
     */
    public Quantization data(Path file) {
        this.data = Objects.requireNonNull(file, "data");
        return this;
    }

    /**
     * Files of calibration statistics, for static activations. With {@link #data}, what was found
     * on it is written to the one file that is given; an existing file is replaced. Without data,
     * the files are read instead of running the model, and merged if there are several; then
     * nothing is tried out either.
     */
    public Quantization statistics(Path... files) {
        this.statistics = List.of(files);
        return this;
    }

    /**
     * What the model may lose at most: as many layers are left in float as that takes, the worst
     * first. Where the data has labels, it is the loss of the task's metric against the float model
     * (0.01 is a point of accuracy), on the first 1000 questions; elsewhere the relative error of
     * the outputs (0.01 is a signal-to-noise ratio of 20 dB). Needs {@link #data}; for static
     * activations.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Quantization maximumLoss(double loss) {
        if (!(loss >= 0)) {
            throw new IllegalArgumentException("a model may lose 0 or more, got " + loss);
        }
        this.maximumLoss = OptionalDouble.of(loss);
        return this;
    }

    /** Quantizes by a plan, whatever the recipe. */
    public Quantization plan(Plan wanted) {
        this.plan = Objects.requireNonNull(wanted, "plan");
        return this;
    }

    /**
     * Quantizes and writes the model. The file appears whole or not at all; the float model is only
     * read.
     *
     * @param target the quantized model; replaced if it exists. Above 1 GiB the weights go into a
     *     file {@code <target>.data} beside it
     * @throws FewbitException if the model cannot be read, the plan does not fit it, or the file
     *     cannot be written
     */
    public QuantizationResult writeTo(Path target) {
        long start = System.nanoTime();
        return Failures.translate(
                () -> {
                    TunedPlan decided = decide();
                    Model model = OnnxReader.read(source);
                    ModelFacts original = ModelInspection.facts(model, source);
                    if (decided.plan().weights().isEmpty()) {
                        throw new FewbitException(nothingToQuantize(decided.plan()));
                    }
                    RoundedPlan rounded = rounded(decided.plan());
                    ModelWriting.Written written =
                            ModelWriting.write(
                                    model,
                                    PlanExecution.apply(
                                            model, rounded.plan(), measuring, rounded.weights()),
                                    decided.plan(),
                                    target,
                                    compact,
                                    threads,
                                    progress);
                    return new QuantizationResult(
                            decided.plan(),
                            original,
                            ModelInspection.quantizedFacts(
                                    written.model(), target, original, written.bytes()),
                            written.encoded().stream().map(WeightFindings::of).toList(),
                            decided.plan().skipped(),
                            decided.warnings(),
                            Stream.concat(decided.notes().stream(), rounded.notes().stream())
                                    .toList(),
                            Duration.ofNanos(System.nanoTime() - start),
                            null);
                });
    }

    /**
     * What {@link #writeTo} would carry out. Nothing is written.
     *
     * @throws FewbitException if the model cannot be read, or the data does not fit it
     */
    public TunedPlan plan() {
        return Failures.translate(this::decide);
    }

    private TunedPlan decide() throws IOException, InterruptedException {
        Plan given = plan;
        Model model = OnnxReader.read(source);
        if (given != null) {
            PlanExecution.prepare(model, given);
            return new TunedPlan(Planner.complete(model, given));
        }
        Recipe settled = recipe.forModel(model);
        Recipe possible = data == null ? settled.withoutData() : settled;
        TunedPlan decided =
                possible.activations() == Activations.STATIC
                        ? StaticTuning.run(source, possible, tuning())
                        : new TunedPlan(Planner.plan(model, possible));
        return possible.equals(settled) ? decided : decided.warning(WITHOUT_DATA);
    }

    private TuningOptions tuning() {
        return new TuningOptions(
                Optional.ofNullable(data),
                Optional.ofNullable(tokenizer),
                task,
                statistics,
                maximumLoss,
                samples,
                TuningOptions.TRIAL_SAMPLES,
                threads,
                progress);
    }

    private RoundedPlan rounded(Plan decided) throws IOException, InterruptedException {
        return PlanRounding.run(
                source,
                decided,
                new RoundingOptions(
                        Optional.ofNullable(data),
                        Optional.ofNullable(tokenizer),
                        samples,
                        threads,
                        progress));
    }

    private String nothingToQuantize(Plan decided) {
        StringBuilder message =
                new StringBuilder("there is nothing to quantize in " + source + ": ");
        if (decided.skipped().isEmpty()) {
            return message.append("the model has no constant float weights").toString();
        }
        message.append("all ").append(decided.skipped().size()).append(" constants stay float");
        decided.skipped().stream()
                .limit(3)
                .forEach(
                        skipped ->
                                message.append("\n  ")
                                        .append(skipped.tensor())
                                        .append(' ')
                                        .append(skipped.shape())
                                        .append(": ")
                                        .append(skipped.reason()));
        return message.toString();
    }
}
