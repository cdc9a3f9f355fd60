package dev.fewbit.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.Codebook.Entries;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.format.MidRise;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.format.PowersOfTwo.Base;
import dev.fewbit.core.format.WeightFormat;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.encode.EncodedWeight;
import dev.fewbit.onnx.encode.ModelEncoder;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightSites;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Every width, way of packing and grouping: the networks deliver exactly the weights that were
 * rounded by the definition, run on the kernels that they were made for, and are as large as is
 * said.
 */
class LowBitContractTest {
    private static final List<Grouping> GROUPINGS =
            List.of(
                    Grouping.TENSOR,
                    Grouping.CHANNEL,
                    Grouping.block(16),
                    Grouping.block(32),
                    Grouping.block(20),
                    Grouping.block(128),
                    Grouping.block(64).withScaleBits(8),
                    Grouping.block(16).withScaleBits(8),
                    Grouping.block(23).withScaleBits(8));

    @TempDir Path folder;

    static Stream<Arguments> cases() {
        return Stream.of(LowBitWeights.values())
                .flatMap(kind -> GROUPINGS.stream().map(grouping -> Arguments.of(kind, grouping)));
    }

    /**
     * All widths; symmetric or not in turn, so that every width meets every way in some grouping.
     */
    private static List<Affine> formats(Grouping grouping) {
        int turn = GROUPINGS.indexOf(grouping);
        return IntStream.rangeClosed(1, 8)
                .mapToObj(
                        bits ->
                                (bits + turn) % 2 == 0
                                        ? new Affine(bits, true, true)
                                        : new Affine(bits, bits % 3 == 0, false))
                .toList();
    }

    private static final List<WeightFormat> LEVELS =
            List.of(
                    new PowersOfTwo(2, Base.TWO),
                    new PowersOfTwo(3, Base.TWO),
                    new PowersOfTwo(4, Base.TWO),
                    new PowersOfTwo(4, Base.ROOT_OF_TWO),
                    new PowersOfTwo(5, Base.ADDITIVE),
                    new PowersOfTwo(6, Base.ADDITIVE),
                    new MidRise(1),
                    new MidRise(3),
                    new MidRise(7),
                    new Codebook(1),
                    new Codebook(2),
                    new Codebook(3),
                    new Codebook(4),
                    new Codebook(2, Entries.INT8),
                    new Codebook(4, Entries.INT8));

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void deliversTheRoundedWeights(LowBitWeights kind, Grouping grouping) throws IOException {
        for (Affine format : formats(grouping)) {
            delivers(kind, format, grouping);
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void deliversLevelsFromTables(LowBitWeights kind, Grouping grouping) throws IOException {
        // Every format meets every network and every grouping, but not in all combinations.
        int turn = List.of(LowBitWeights.values()).indexOf(kind) + GROUPINGS.indexOf(grouping);
        for (int i = 0; i < LEVELS.size(); i++) {
            if ((i + turn) % 4 == 0) {
                delivers(kind, LEVELS.get(i), grouping);
            }
        }
    }

    static Stream<Arguments> wideCases() {
        return Stream.of(
                Arguments.of(LowBitWeights.MATRIX, new Codebook(7, Entries.INT8), Grouping.CHANNEL),
                Arguments.of(LowBitWeights.MATRIX, new Codebook(8), Grouping.block(32)),
                Arguments.of(LowBitWeights.ODD_TABLE, new Codebook(8), Grouping.TENSOR));
    }

    /** Codes that fill bytes, or nearly: tables this large take long to learn. */
    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("wideCases")
    void deliversManyLevels(LowBitWeights kind, WeightFormat format, Grouping grouping)
            throws IOException {
        delivers(kind, format, grouping);
    }

    static Stream<Arguments> dynamicCases() {
        return Stream.of(
                        LowBitWeights.MATRIX,
                        LowBitWeights.ODD_MATRIX,
                        LowBitWeights.TRANSPOSED_MATRIX,
                        LowBitWeights.TIED)
                .flatMap(
                        kind ->
                                Stream.of(
                                        Arguments.of(kind, Grouping.TENSOR),
                                        Arguments.of(kind, Grouping.CHANNEL)));
    }

    /** Products with activations that are quantized on the go take all levels that are integers. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("dynamicCases")
    void dynamicProductsTakeLevels(LowBitWeights kind, Grouping grouping) throws IOException {
        for (WeightFormat format : LEVELS) {
            if (!((LevelFormat) format).integral()) {
                continue;
            }
            Plan plan = kind.plan(format, grouping, Encoding.DYNAMIC_MATMUL);
            Path small = folder.resolve(kind + ".onnx");
            Model model = kind.model(weights -> weights);
            EncodedWeight weight =
                    new ModelEncoder(model, Measuring.NOTHING).encode(plan).getFirst();
            OnnxWriter.write(model, small, WriteOptions.defaults());
            Path reference = folder.resolve("rounded.onnx");
            OnnxWriter.write(
                    kind.model(weights -> rounded(kind, weights, plan.weights().getFirst())),
                    reference,
                    WriteOptions.defaults());
            Map<String, float[]> expected = Runs.literally(reference, kind.inputs());
            // Ones and zeros are levels of activations; products of scales are rounded.
            same(Runs.literally(small, kind.inputs()), expected, 0x1p-20, plan);
            Path optimized = folder.resolve("optimized.onnx");
            same(Runs.optimized(small, kind.inputs(), optimized), expected, 0x1p-20, plan);
            isPacked(small, weight, plan.weights().getFirst());
            assertThat(Runs.operators(optimized))
                    .as("kernels for %s", plan.weights())
                    .containsAnyOf("DynamicQuantizeMatMul", "MatMulIntegerToFloat")
                    .doesNotContain("DequantizeLinear", "MatMul", "Gemm");
        }
    }

    private void delivers(LowBitWeights kind, WeightFormat format, Grouping grouping)
            throws IOException {
        Plan plan = kind.plan(format, grouping);
        Path small = folder.resolve(kind + ".onnx");
        Model model = kind.model(weights -> weights);
        EncodedWeight weight = new ModelEncoder(model, Measuring.NOTHING).encode(plan).getFirst();
        OnnxWriter.write(model, small, WriteOptions.defaults());

        Path reference = folder.resolve("rounded.onnx");
        OnnxWriter.write(
                kind.model(weights -> rounded(kind, weights, plan.weights().getFirst())),
                reference,
                WriteOptions.defaults());
        Map<String, float[]> expected = Runs.literally(reference, kind.inputs());
        same(Runs.literally(small, kind.inputs()), expected, 0, plan);
        // The low-bit kernels round activations, here ones and zeros, to steps of 1 / 127.
        Path optimized = folder.resolve("optimized.onnx");
        same(
                Runs.optimized(small, kind.inputs(), optimized),
                expected,
                kind.isProduct() ? 2e-2 : 0,
                plan);
        isPacked(small, weight, plan.weights().getFirst());
        runsOnKernels(kind, Runs.operators(optimized), plan.weights().getFirst());
    }

    private static float[] rounded(LowBitWeights kind, float[] weights, WeightPlan plan) {
        WeightSite site = WeightSites.find(kind.model(unchanged -> unchanged)).getFirst();
        return DequantizedReference.round(weights, site, plan);
    }

    /**
     * @param share largest difference allowed, as a share of the largest value
     */
    private static void same(
            Map<String, float[]> actual, Map<String, float[]> expected, double share, Plan plan) {
        assertThat(actual).hasSameSizeAs(expected);
        expected.forEach(
                (name, values) -> {
                    float[] others = actual.get(name);
                    double largest = 0;
                    double difference = 0;
                    for (int i = 0; i < values.length; i++) {
                        largest = Math.max(largest, Math.abs(values[i]));
                        difference = Math.max(difference, Math.abs((double) others[i] - values[i]));
                    }
                    assertThat(difference)
                            .as("largest difference of %s for %s", name, plan.weights())
                            .isLessThanOrEqualTo(share * largest);
                });
    }

    /** The size is the file's, and that of the codes is next to what their bits take. */
    private static void isPacked(Path small, EncodedWeight weight, WeightPlan plan)
            throws IOException {
        long stored = 0;
        long codes = 0;
        for (var entry : OnnxReader.read(small).graph().initializers().entrySet()) {
            Tensor tensor = entry.getValue();
            String name = entry.getKey().name();
            if (name.startsWith("w.")) {
                stored += tensor.byteSize();
                codes += name.equals("w.codes") ? tensor.byteSize() : 0;
            }
        }
        assertThat(weight.quantizedBytes()).isEqualTo(stored);
        long elements = plan.shape().stream().reduce(1L, Math::multiplyExact);
        long rows = plan.shape().getFirst();
        long bits = plan.format().bits();
        // Rows that are looked up are filled up to eight codes.
        assertThat(codes).isBetween((elements * bits + 7) / 8, elements * bits / 8 + bits * rows);
    }

    private static void runsOnKernels(LowBitWeights kind, List<String> kernels, WeightPlan plan) {
        assertThat(kernels).as("kernels for %s", plan).doesNotContain("DequantizeLinear");
        boolean product =
                plan.uses().stream().anyMatch(use -> use.encoding() == Encoding.DEQUANTIZED_MATMUL);
        if (product) {
            assertThat(kernels).as("kernels for %s", plan).contains("MatMulNBits");
            assertThat(kernels)
                    .filteredOn(kernel -> !kernel.equals("MatMulNBits"))
                    .doesNotContain("MatMul", "Gemm");
        } else if (!kind.looksUp()) {
            assertThat(kernels)
                    .as("kernels for %s", plan)
                    .doesNotContain("BitShift", "Cast", "Mul", "Sub", "Slice", "Expand", "Gather");
        }
    }
}
