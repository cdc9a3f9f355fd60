package dev.fewbit;

import dev.fewbit.core.findings.ModelFacts;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.encode.EncodedWeight;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.training.NetworkTraining;
import dev.fewbit.training.TrainedModel;
import dev.fewbit.training.TrainingOutcome;
import dev.fewbit.training.TrainingRequest;
import dev.fewbit.tuning.PlanExecution;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A training of a network with its quantizers in the loop, described step by step and carried out
 * by {@link #writeTo}. Needs {@code fewbit-train} on the class path.
 *
 * <pre>{@code
 * QuantizationResult result = Fewbit.train(Path.of("model.onnx"), Path.of("samples.npz"))
 *         .recipe(Recipe.named("int4"))
 *         .epochs(10)
 *         .writeTo(Path.of("model-int4.onnx"));
 * }</pre>
 */
public final class Training extends ModelMaking<Training> {
    private final Path data;
    private Recipe recipe = Recipe.INT8;
    private @Nullable Plan plan;
    private @Nullable Path checkpoint;
    private boolean labels;
    private OptionalInt epochs = OptionalInt.empty();
    private OptionalLong steps = OptionalLong.empty();
    private OptionalInt batch = OptionalInt.empty();
    private OptionalDouble rate = OptionalDouble.empty();
    private long seed;

    Training(Path source, Path data) {
        super(source);
        this.data = Objects.requireNonNull(data, "data");
    }

    @Override
    Training self() {
        return this;
    }

    /** What the network becomes; training starts from what that is without training. */
    public Training recipe(Recipe wanted) {
        this.recipe = Objects.requireNonNull(wanted, "recipe");
        return this;
    }

    /** What the network becomes, by a plan, whatever the recipe. */
    public Training plan(Plan wanted) {
        this.plan = Objects.requireNonNull(wanted, "plan");
        return this;
    }

    /**
     * Goes by the labels of the data, too; without it by what the float model answers, for which
     * data needs no labels.
     */
    public Training labels() {
        this.labels = true;
        return this;
    }

    /** How often to go through the data; 20 times unless said otherwise, and 500 steps at least. */
    public Training epochs(int count) {
        this.epochs = OptionalInt.of(Math.toIntExact(positive("epochs", count)));
        return this;
    }

    /** Steps at most. */
    public Training steps(long count) {
        this.steps = OptionalLong.of(positive("steps", count));
        return this;
    }

    /** Samples of a step; 128 of small pictures and 32 of all else unless said otherwise. */
    public Training batch(int count) {
        this.batch = OptionalInt.of(Math.toIntExact(positive("samples of a step", count)));
        return this;
    }

    private static long positive(String what, long count) {
        if (count < 1) {
            throw new IllegalArgumentException("%s: 1 or more, got %d".formatted(what, count));
        }
        return count;
    }

    /**
     * The highest learning rate; 0.001 with momentum for convolutional networks and 1e-4 with Adam
     * for others, unless said otherwise.
     */
    public Training rate(double highest) {
        if (!(highest > 0)) {
            throw new IllegalArgumentException("a rate is positive, got " + highest);
        }
        this.rate = OptionalDouble.of(highest);
        return this;
    }

    /**
     * A folder in which the state is kept from time to time. A training that finds the state of an
     * interrupted one in it goes on from there, with the same result.
     */
    public Training checkpoint(Path folder) {
        this.checkpoint = Objects.requireNonNull(folder, "checkpoint");
        return this;
    }

    /** Seed of everything random; 0 by default. */
    public Training seed(long number) {
        this.seed = number;
        return this;
    }

    /**
     * Trains and writes the model. The file appears before the first step, and is replaced, as a
     * whole, by better ones until this returns. The float model is only read. The result is the
     * same for the same data, settings, seed and number of threads.
     *
     * @param target the quantized model; replaced if it exists
     * @throws FewbitException if the model or the data cannot be read or trained with, or the file
     *     cannot be written
     */
    public QuantizationResult writeTo(Path target) {
        long begin = System.nanoTime();
        return Failures.translate(
                () -> {
                    ModelFacts original = ModelInspection.facts(OnnxReader.read(source), source);
                    Writer writer = new Writer(target);
                    TrainingOutcome outcome = NetworkTraining.run(source, request(), writer);
                    ModelWriting.Written written = writer.last();
                    return new QuantizationResult(
                            writer.plan(),
                            original,
                            ModelInspection.quantizedFacts(
                                    written.model(), target, original, written.bytes()),
                            written.encoded().stream().map(WeightFindings::of).toList(),
                            outcome.plan().skipped(),
                            List.of(),
                            outcome.notes(),
                            Duration.ofNanos(System.nanoTime() - begin),
                            null);
                });
    }

    private TrainingRequest request() {
        return new TrainingRequest(
                recipe,
                Optional.ofNullable(plan),
                data,
                Optional.ofNullable(tokenizer),
                task,
                labels,
                samples,
                epochs,
                steps,
                batch,
                rate,
                Optional.ofNullable(checkpoint),
                seed,
                threads,
                progress);
    }

    /** Writes the best network so far. */
    private final class Writer implements NetworkTraining.Delivery {
        private final Path target;
        private ModelWriting.@Nullable Written last;
        private @Nullable Plan plan;

        Writer(Path target) {
            this.target = target;
        }

        @Override
        public void deliver(TrainedModel trained) throws IOException {
            List<EncodedWeight> encoded =
                    PlanExecution.applyCorrected(
                            trained.model(),
                            trained.rescaled(),
                            trained.plan(),
                            measuring,
                            trained.weights());
            last =
                    ModelWriting.write(
                            trained.model(),
                            encoded,
                            trained.plan(),
                            target,
                            compact,
                            threads,
                            Progress.NONE);
            plan = trained.plan();
        }

        ModelWriting.Written last() {
            return Objects.requireNonNull(last, "every training delivers a network");
        }

        Plan plan() {
            return Objects.requireNonNull(plan, "every training delivers a network");
        }
    }
}
