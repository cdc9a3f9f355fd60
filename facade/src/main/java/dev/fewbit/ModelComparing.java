package dev.fewbit;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.ModelFacts;
import dev.fewbit.core.findings.TaskChoice;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.runtime.compare.CompareOptions;
import dev.fewbit.runtime.compare.ComparisonSamples;
import dev.fewbit.runtime.compare.ModelComparison;
import dev.fewbit.runtime.compare.Verdicts;
import dev.fewbit.runtime.data.DataOptions;
import dev.fewbit.runtime.data.Samples;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One comparison of a float model with its quantized counterpart, described step by step and
 * carried out by {@link #run}.
 */
public final class ModelComparing {
    /** Random samples, where there is no data: more say nothing more. */
    private static final int RANDOM_SAMPLES = 16;

    private final Path original;
    private final Path quantized;
    private @Nullable Path data;
    private @Nullable Path tokenizer;
    private TaskChoice task = TaskChoice.AUTO;
    private int samples = CompareOptions.AUTOMATIC;
    private @Nullable QuantizationResult explanation;
    private int threads = CompareOptions.defaults().threads();
    private long seed;
    private Progress progress = Progress.NONE;

    ModelComparing(Path original, Path quantized) {
        this.original = Objects.requireNonNull(original, "original");
        this.quantized = Objects.requireNonNull(quantized, "quantized");
    }

    /**
     * What to run the models on: arrays ({@code .npz}, {@code .npy}, {@code .jsonl}), pictures (a
     * folder or {@code .zip} with a {@code data.yaml}), sentences ({@code .txt}, {@code .csv},
     * {@code .tsv}, {@code .jsonl}), rows of tokens ({@code .json}, {@code .jsonl}), or a
     * description ({@code .yaml}). Without it, inputs are drawn at random.
     */
    public ModelComparing data(Path file) {
        this.data = Objects.requireNonNull(file, "data");
        return this;
    }

    /**
     * The {@code tokenizer.json} for text; without it, one is looked for beside the data and the
     * float model. Text needs {@code ai.djl.huggingface:tokenizers} on the class path.
     */
    public ModelComparing tokenizer(Path file) {
        this.tokenizer = Objects.requireNonNull(file, "tokenizer");
        return this;
    }

    /** Which task's metric is taken; what the data tells unless said otherwise. */
    public ModelComparing task(TaskChoice choice) {
        this.task = Objects.requireNonNull(choice, "task");
        return this;
    }

    /**
     * How many questions are asked at most: samples, or pairs of sentences. 10,000 where there is a
     * task, 256 elsewhere, unless said otherwise.
     *
     * @throws IllegalArgumentException if there is not at least one
     */
    public ModelComparing samples(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("at least one sample is needed, got " + most);
        }
        this.samples = most;
        return this;
    }

    /**
     * What is known of the weights of this very pair, so that the findings tell of them too.
     * Without it, the model's metadata is asked.
     */
    public ModelComparing explainedBy(QuantizationResult result) {
        this.explanation = Objects.requireNonNull(result, "result");
        return this;
    }

    /**
     * Threads that each model is given; as many as the processor has cores unless said otherwise.
     *
     * @throws IllegalArgumentException if there is not at least one
     */
    public ModelComparing threads(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("at least one thread is needed, got " + count);
        }
        this.threads = count;
        return this;
    }

    /** Seed of the random inputs; 0 unless said otherwise. */
    public ModelComparing seed(long value) {
        this.seed = value;
        return this;
    }

    /** Who is told how far the work has come. */
    public ModelComparing progress(Progress listener) {
        this.progress = Objects.requireNonNull(listener, "progress");
        return this;
    }

    /**
     * Runs both models and measures; takes some seconds, more on many samples, and starts two
     * processes of its own to measure load time and memory.
     *
     * @throws FewbitException if a file cannot be read, the data does not fit, or the runtime
     *     refuses a model
     */
    public Findings run() {
        return Failures.translate(
                () -> {
                    Model floatModel = OnnxReader.read(original);
                    Model smallModel = OnnxReader.read(quantized);
                    ModelFacts before = ModelInspection.facts(floatModel, original);
                    ModelFacts after =
                            ModelInspection.quantizedFacts(
                                    smallModel,
                                    quantized,
                                    before,
                                    ModelInspection.fileBytes(smallModel, quantized));
                    QuantizationResult known = explanation;
                    List<String> warnings = known == null ? List.of() : known.warnings();
                    Comparison comparison = compare().withoutWarnings(warnings);
                    WeightExplanation weights = weights(floatModel, smallModel);
                    return new Findings(
                            Version.current(),
                            smallModel.metadata(ModelMetadata.RECIPE).orElse(null),
                            smallModel.metadata(ModelMetadata.PLAN_HASH).orElse(null),
                            seed,
                            before,
                            after,
                            weights.findings(),
                            weights.skipped(),
                            comparison,
                            Verdicts.judge(before, after, comparison),
                            warnings,
                            known == null ? List.of() : known.notes(),
                            known == null ? null : known.search());
                });
    }

    private Comparison compare() throws IOException, InterruptedException {
        DataOptions known = DataOptions.defaults().beside(original);
        if (tokenizer != null) {
            known = known.withTokenizer(tokenizer);
        }
        CompareOptions options =
                CompareOptions.defaults()
                        .withThreads(threads)
                        .withTask(task)
                        .withProgress(progress::update);
        options = options.withSamples(samples, options.layerSamples());
        try (Samples opened =
                ComparisonSamples.open(
                        original, Optional.ofNullable(data), known, seed, RANDOM_SAMPLES)) {
            return ModelComparison.run(original, quantized, opened, options);
        }
    }

    /**
     * Where nobody says what was done to the weights, the model's metadata may: if the recipe that
     * it names makes a plan with the hash that it names, that plan was carried out.
     */
    private WeightExplanation weights(Model floatModel, Model smallModel) throws IOException {
        QuantizationResult known = explanation;
        if (known != null) {
            return new WeightExplanation(known.weights(), known.skipped());
        }
        Optional<Plan> plan = ModelMetadata.planOf(smallModel, floatModel);
        return plan.isEmpty()
                ? WeightExplanation.NONE
                : WeightExplanation.measure(floatModel, plan.get());
    }
}
