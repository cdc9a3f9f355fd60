package dev.fewbit.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.Codebook.Entries;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.format.MidRise;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.format.PowersOfTwo.Base;
import dev.fewbit.core.format.WeightFormat;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.encoding.NetBuilder.Net;
import dev.fewbit.onnx.encode.ModelEncoder;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;
import dev.fewbit.runtime.data.NumberType;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Networks whose activations are quantized with parameters known beforehand: they compute what the
 * definitions say, on the kernels that they were made for.
 */
class IntegerEncodingTest {
    private static final Affine INT8_WEIGHT = new Affine(8, true, true);
    private static final Affine INT7_WEIGHT = new Affine(7, true, true);
    private static final Affine UINT8 = new Affine(8, false, false);
    private static final Affine INT8 = new Affine(8, true, false);
    private static final Affine UINT16 = new Affine(16, false, false);

    @TempDir Path folder;

    static Stream<Arguments> operators() {
        return Stream.of(SingleOperator.values())
                .flatMap(
                        operator ->
                                Stream.of(
                                        Arguments.of(
                                                operator, UINT8, INT8_WEIGHT, Grouping.CHANNEL),
                                        Arguments.of(operator, UINT8, INT7_WEIGHT, Grouping.TENSOR),
                                        Arguments.of(operator, INT8, INT8_WEIGHT, Grouping.CHANNEL),
                                        Arguments.of(
                                                operator, UINT16, INT8_WEIGHT, Grouping.TENSOR)));
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @MethodSource("operators")
    void operatorsComputeWhatRoundedNumbersDo(
            SingleOperator kind, Affine activation, Affine weight, Grouping grouping)
            throws Exception {
        Net net = kind.net();
        Plan plan = plan(net, activation, weight, possible(kind, grouping));
        Path small = encode(net, plan);
        compare(kind.net(), plan, small, kind.movesCodes() ? 0 : 1);
    }

    @ParameterizedTest
    @EnumSource
    void operatorsRunOnTheirKernels(SingleOperator kind) throws Exception {
        Net net = kind.net();
        Plan plan = plan(net, UINT8, INT8_WEIGHT, possible(kind, Grouping.CHANNEL));
        List<String> kernels = new ArrayList<>(Runs.kernels(encode(net, plan), folder));
        long floats =
                net.inputs().values().stream()
                        .filter(array -> array.type() == NumberType.FLOAT32)
                        .count();
        if (kind == SingleOperator.MATMUL_WITH_BIAS_OF_FREE_SIZES) {
            // The sum with the bias is not part of the kernel when sizes are free.
            assertThat(kernels)
                    .containsExactly(
                            "QuantizeLinear",
                            "MatMulIntegerToFloat",
                            "DequantizeLinear",
                            "Add",
                            "QuantizeLinear",
                            "DequantizeLinear");
            return;
        }
        assertThat(kernels).contains(kind.kernel());
        kernels.remove(kind.kernel());
        assertThat(kernels).filteredOn("QuantizeLinear"::equals).hasSize((int) floats);
        assertThat(kernels).filteredOn("DequantizeLinear"::equals).hasSize(1);
        // Layouts that suit the kernels.
        kernels.removeAll(List.of("QuantizeLinear", "DequantizeLinear", "Transpose", "Reshape"));
        assertThat(kernels).isEmpty();
    }

    static Stream<Arguments> narrowWeights() {
        return Stream.of(
                        SingleOperator.LARGE_CONVOLUTION,
                        SingleOperator.LARGE_GEMM,
                        SingleOperator.LARGE_MATMUL,
                        SingleOperator.DEPTHWISE)
                .flatMap(
                        kind ->
                                IntStream.rangeClosed(1, 7)
                                        .boxed()
                                        .flatMap(
                                                bits ->
                                                        Stream.of(UINT8, INT8)
                                                                .map(
                                                                        activation ->
                                                                                Arguments.of(
                                                                                        kind,
                                                                                        bits,
                                                                                        activation))));
    }

    /**
     * The codes are packed in the file, in types of their own or (with int8 activations, which
     * forbid the opset of those) in planes, and the kernel is that of int8 weights.
     */
    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("narrowWeights")
    void narrowWeightsRunOnTheSameKernels(SingleOperator kind, int bits, Affine activation)
            throws Exception {
        Grouping grouping = bits % 2 == 0 ? Grouping.CHANNEL : Grouping.TENSOR;
        Net net = kind.net();
        Plan plan = plan(net, activation, new Affine(bits, true, true), grouping);
        Path small = encode(net, plan);
        compare(kind.net(), plan, small, 1);

        Tensor codes = null;
        for (var entry : OnnxReader.read(small).graph().initializers().entrySet()) {
            codes = entry.getKey().name().equals("w.codes") ? entry.getValue() : codes;
        }
        long elements = plan.weights().getFirst().shape().stream().reduce(1L, Math::multiplyExact);
        // The nodes that unpack so small a weight would take more than they save.
        boolean tiny = kind == SingleOperator.DEPTHWISE;
        long packed = tiny ? elements : (elements * bits + 7) / 8;
        assertThat(codes.byteSize()).isBetween(packed, packed + bits);
        ElementType own = bits == 4 ? ElementType.INT4 : ElementType.INT2;
        boolean hasType = (bits == 4 || bits == 2) && activation.equals(UINT8) && !tiny;
        assertThat(codes.elementType())
                .isEqualTo(hasType ? own : tiny ? ElementType.INT8 : ElementType.UINT8);
        if (activation.equals(UINT8)) {
            List<String> kernels = new ArrayList<>(Runs.kernels(small, folder));
            assertThat(kernels).contains(kind.kernel());
            kernels.removeAll(
                    List.of("QuantizeLinear", "DequantizeLinear", "Transpose", kind.kernel()));
            assertThat(kernels).isEmpty();
        }
    }

    static Stream<Arguments> levels() {
        return Stream.of(
                        SingleOperator.LARGE_CONVOLUTION,
                        SingleOperator.LARGE_GEMM,
                        SingleOperator.LARGE_MATMUL,
                        SingleOperator.GEMM_TRANSPOSED,
                        SingleOperator.DEPTHWISE)
                .flatMap(
                        kind ->
                                Stream.of(
                                                new PowersOfTwo(3, Base.TWO),
                                                new PowersOfTwo(4, Base.TWO),
                                                new PowersOfTwo(6, Base.ADDITIVE),
                                                new MidRise(2),
                                                new Codebook(2, Entries.INT8),
                                                new Codebook(4, Entries.INT8),
                                                new Codebook(5, Entries.INT8))
                                        .flatMap(
                                                format ->
                                                        Stream.of(
                                                                Arguments.of(
                                                                        kind,
                                                                        format,
                                                                        Grouping.CHANNEL),
                                                                Arguments.of(
                                                                        kind,
                                                                        format,
                                                                        Grouping.TENSOR))));
    }

    /**
     * Levels from tables too, whose scales may be negative, and then that of the bias with them.
     */
    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("levels")
    void levelsRunOnTheSameKernels(SingleOperator kind, LevelFormat format, Grouping grouping)
            throws Exception {
        Net net = kind.net();
        Plan plan = plan(net, UINT8, format, grouping);
        Path small = encode(net, plan);
        compare(kind.net(), plan, small, 1);
        List<String> kernels = new ArrayList<>(Runs.kernels(small, folder));
        assertThat(kernels).contains(kind.kernel());
        kernels.removeAll(
                List.of("QuantizeLinear", "DequantizeLinear", "Transpose", kind.kernel()));
        assertThat(kernels).isEmpty();
        if (format.equals(new PowersOfTwo(4, Base.TWO)) && grouping.equals(Grouping.CHANNEL)) {
            assertThat(scales(small)).anyMatch(scale -> scale < 0).anyMatch(scale -> scale > 0);
        }
    }

    private static List<Float> scales(Path model) throws IOException {
        List<Float> scales = new ArrayList<>();
        for (var entry : OnnxReader.read(model).graph().initializers().entrySet()) {
            if (entry.getKey().name().equals("w.scale")) {
                for (float scale : entry.getValue().floats()) {
                    scales.add(scale);
                }
            }
        }
        return scales;
    }

    static Stream<Arguments> networks() {
        return Stream.of(IntegerNetwork.values())
                .flatMap(
                        network ->
                                Stream.of(
                                        Arguments.of(network, INT8_WEIGHT, Grouping.CHANNEL),
                                        Arguments.of(network, INT8_WEIGHT, Grouping.TENSOR),
                                        Arguments.of(network, INT7_WEIGHT, Grouping.CHANNEL)));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("networks")
    void networksComputeWhatRoundedNumbersDo(IntegerNetwork kind, Affine weight, Grouping grouping)
            throws Exception {
        Net net = kind.net();
        Plan plan = plan(net, UINT8, weight, grouping);
        Path small = encode(net, plan);
        compare(kind.net(), plan, small, 1);
    }

    @ParameterizedTest
    @EnumSource
    void networksRunOnIntegerKernels(IntegerNetwork kind) throws Exception {
        Net net = kind.net();
        Path small = encode(net, plan(net, UINT8, INT8_WEIGHT, Grouping.CHANNEL));
        List<String> kernels = new ArrayList<>(Runs.kernels(small, folder));
        net.inputs().forEach((_, _) -> kernels.remove("QuantizeLinear"));
        kernels.removeAll(List.of("Transpose", "Reshape"));
        assertThat(kernels).containsExactlyInAnyOrderElementsOf(kind.kernels());
    }

    private static Grouping possible(SingleOperator kind, Grouping grouping) {
        return kind == SingleOperator.MATMUL_OF_STACK ? Grouping.TENSOR : grouping;
    }

    /**
     * Sums in another order, and a bias in steps of the product of two scales, differ from the
     * definition by less than a step of the output before that is rounded. So codes differ by one
     * at most; where they are only moved they do not.
     */
    private void compare(Net fresh, Plan plan, Path small, int steps) throws IOException {
        QuantizedRun run = QuantizedRun.of(fresh, plan, small, folder);
        Map<String, ActivationPlan> activations = QuantizedRun.activations(plan);
        assertThat(run.inIntegers()).isNotEmpty();
        for (String name : run.inIntegers()) {
            ActivationPlan levels = activations.get(name);
            float[] expected = QuantizedRun.rounded(run.expected().get(name), levels);
            float[] actual = run.actual().get(name);
            assertThat(actual).hasSameSizeAs(expected);
            for (int i = 0; i < expected.length; i++) {
                double step = levels.parameters().scale();
                assertThat((double) actual[i])
                        .as("element %d of %s", i, name)
                        // A level is a product of floats, rounded.
                        .isCloseTo(expected[i], within(steps * (step + 2 * Math.ulp(expected[i]))));
            }
        }
    }

    private Plan plan(Net net, Affine activation, WeightFormat weight, Grouping grouping)
            throws IOException {
        return PlanSketch.of(net.model(), Runs.values(net, folder), activation, weight, grouping)
                .plan();
    }

    private Path encode(Net net, Plan plan) throws IOException {
        new ModelEncoder(net.model(), Measuring.NOTHING).encode(plan);
        Path small = folder.resolve("small.onnx");
        OnnxWriter.write(net.model(), small, WriteOptions.defaults());
        return small;
    }
}
