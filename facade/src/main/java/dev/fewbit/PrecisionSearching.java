package dev.fewbit;

import dev.fewbit.core.findings.ModelFacts;
import dev.fewbit.core.findings.WeightFinding;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.encode.EncodedWeight;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.rounding.RoundedPlan;
import dev.fewbit.runtime.files.CacheFolder;
import dev.fewbit.search.LatencyLimit;
import dev.fewbit.search.PrecisionSearch;
import dev.fewbit.search.SearchOutcome;
import dev.fewbit.search.SearchRequest;
import dev.fewbit.tuning.PlanExecution;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The search for the best network of a size, described step by step and carried out by {@link
 * #writeTo}: every weight gets a format of its own.
 *
 * <pre>{@code
 * QuantizationResult result = Fewbit.search(Path.of("model.onnx"), Path.of("samples.npz"))
 *         .maximumBytes(12_000_000)
 *         .writeTo(Path.of("model-small.onnx"));
 * }</pre>
 *
 * <p>What was measured is kept: another search on the same model and data starts from there.
 */
public final class PrecisionSearching extends ModelMaking<PrecisionSearching> {
    /** Widths that are tried unless said otherwise. */
    public static final int FEWEST_BITS = 2;

    /** Widths that are tried unless said otherwise. */
    public static final int MOST_BITS = 8;

    private final Path data;
    private OptionalLong maximumBytes = OptionalLong.empty();
    private OptionalDouble maximumLoss = OptionalDouble.empty();
    private Optional<LatencyLimit> maximumLatency = Optional.empty();
    private Set<WeightFamily> families = EnumSet.allOf(WeightFamily.class);
    private boolean floats = true;
    private int fewestBits = FEWEST_BITS;
    private int mostBits = MOST_BITS;
    private @Nullable Activations activations;
    private int activationBits = Byte.SIZE;
    private boolean refines = true;
    private long seed;
    private Path measurements = CacheFolder.measurements();

    PrecisionSearching(Path source, Path data) {
        super(source);
        this.data = Objects.requireNonNull(data, "data");
    }

    @Override
    PrecisionSearching self() {
        return this;
    }

    /**
     * The largest file.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public PrecisionSearching maximumBytes(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a file takes 1 byte or more, got " + bytes);
        }
        this.maximumBytes = OptionalLong.of(bytes);
        return this;
    }

    /**
     * What the model may lose at most: as {@link Quantization#maximumLoss} has it where the data
     * has labels, elsewhere the divergence of the outputs that the search goes by. Without {@link
     * #maximumBytes} the smallest model within it is looked for.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public PrecisionSearching maximumLoss(double loss) {
        if (!(loss >= 0)) {
            throw new IllegalArgumentException("a model may lose 0 or more, got " + loss);
        }
        this.maximumLoss = OptionalDouble.of(loss);
        return this;
    }

    /**
     * The longest time of a run on this machine.
     *
     * @param value seconds, or a share of what the float model takes
     * @param isShare which of the two
     * @throws IllegalArgumentException if it is not positive
     */
    public PrecisionSearching maximumLatency(double value, boolean isShare) {
        this.maximumLatency = Optional.of(new LatencyLimit(value, isShare));
        return this;
    }

    /**
     * Formats that weights may take; all by default.
     *
     * @param wanted kinds of levels, at least one
     * @param float32 whether weights may stay float
     */
    public PrecisionSearching formats(Set<WeightFamily> wanted, boolean float32) {
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException(
                    "at least one of the formats affine, pow2 and codebook is needed");
        }
        this.families = Set.copyOf(wanted);
        this.floats = float32;
        return this;
    }

    /**
     * Widths that weights may take.
     *
     * @throws IllegalArgumentException unless {@code 2 <= fewest <= most <= 8}
     */
    public PrecisionSearching bits(int fewest, int most) {
        if (fewest < FEWEST_BITS || most > MOST_BITS || fewest > most) {
            throw new IllegalArgumentException(
                    "weights take %d to %d bits, got %d to %d"
                            .formatted(FEWEST_BITS, MOST_BITS, fewest, most));
        }
        this.fewestBits = fewest;
        this.mostBits = most;
        return this;
    }

    /**
     * How activations are computed with; by default static ones of 8 bits for networks of
     * convolutions, and dynamic ones for others.
     *
     * @param bits 8 or 16, for static ones
     * @throws IllegalArgumentException for other numbers of bits
     */
    public PrecisionSearching activations(Activations how, int bits) {
        this.activations = Objects.requireNonNull(how, "activations");
        if (bits != Byte.SIZE && bits != Short.SIZE) {
            throw new IllegalArgumentException(
                    "a search takes static activations of 8 or 16 bits, got %d; quantize takes fewer"
                            .formatted(bits));
        }
        this.activationBits = bits;
        return this;
    }

    /**
     * Without trying neighbours of the best prediction, and without rounding the chosen layers once
     * more, one after the other: an answer in seconds where all is measured already.
     */
    public PrecisionSearching quick() {
        this.refines = false;
        return this;
    }

    /** Seed of everything random; 0 by default. */
    public PrecisionSearching seed(long number) {
        this.seed = number;
        return this;
    }

    /** Where measurements are kept; the user's cache folder by default. */
    public PrecisionSearching measurements(Path folder) {
        this.measurements = Objects.requireNonNull(folder, "measurements");
        return this;
    }

    /**
     * Searches and writes the model. The file appears as soon as there is an answer, and is
     * replaced, as a whole, by better ones until this returns. The float model is only read.
     *
     * @param target the quantized model; replaced if it exists
     * @throws IllegalStateException if there is no limit
     * @throws FewbitException if the model or the data cannot be read, no model keeps the limits,
     *     or the file cannot be written
     */
    public QuantizationResult writeTo(Path target) {
        if (maximumBytes.isEmpty() && maximumLoss.isEmpty() && maximumLatency.isEmpty()) {
            throw new IllegalStateException(
                    "a search needs a limit of the size, the time or the loss");
        }
        long begin = System.nanoTime();
        return Failures.translate(
                () -> {
                    ModelFacts original = ModelInspection.facts(OnnxReader.read(source), source);
                    Writer writer = new Writer(target);
                    SearchOutcome outcome =
                            PrecisionSearch.run(source, request(), measurements, writer);
                    ModelWriting.Written written = writer.last();
                    Plan plan = outcome.rounded().plan();
                    return new QuantizationResult(
                            plan,
                            original,
                            ModelInspection.quantizedFacts(
                                    written.model(), target, original, written.bytes()),
                            written.encoded().stream().map(WeightFindings::of).toList(),
                            plan.skipped(),
                            List.of(),
                            outcome.notes(),
                            Duration.ofNanos(System.nanoTime() - begin),
                            outcome.summary()
                                    .findings(
                                            written.bytes(),
                                            original.fileBytes(),
                                            bytes(written.encoded())));
                });
    }

    private static Map<String, Long> bytes(List<EncodedWeight> weights) {
        Map<String, Long> bytes = new HashMap<>();
        weights.forEach(
                weight -> {
                    WeightFinding finding = WeightFindings.of(weight);
                    bytes.put(finding.tensor(), finding.quantizedBytes());
                });
        return bytes;
    }

    private SearchRequest request() {
        return new SearchRequest(
                data,
                Optional.ofNullable(tokenizer),
                task,
                samples,
                maximumBytes,
                maximumLoss,
                maximumLatency,
                families,
                floats,
                fewestBits,
                mostBits,
                Optional.ofNullable(activations),
                activationBits,
                refines,
                compact,
                seed,
                threads,
                progress);
    }

    /** Writes the best network so far. */
    private final class Writer implements PrecisionSearch.Delivery {
        private final Path target;
        private ModelWriting.@Nullable Written last;

        Writer(Path target) {
            this.target = target;
        }

        @Override
        public long bytes(Plan plan) throws IOException {
            return ModelWriting.bytes(OnnxReader.read(source), plan, compact);
        }

        @Override
        public void deliver(RoundedPlan rounded) throws IOException {
            Model model = OnnxReader.read(source);
            last =
                    ModelWriting.write(
                            model,
                            PlanExecution.apply(
                                    model, rounded.plan(), measuring, rounded.weights()),
                            rounded.plan(),
                            target,
                            compact,
                            threads,
                            progress);
        }

        ModelWriting.Written last() {
            return Objects.requireNonNull(last, "every search delivers a network");
        }
    }
}
