package dev.fewbit.encoding;

import static dev.fewbit.encoding.ExactNet.bias;
import static dev.fewbit.encoding.ExactNet.unsigned;
import static dev.fewbit.encoding.ExactNet.weight;
import static dev.fewbit.encoding.NetBuilder.integers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.format.Affine;
import dev.fewbit.encoding.ExactNet.Codes;
import dev.fewbit.encoding.NetBuilder.Net;
import dev.fewbit.onnx.graph.Value;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Activations of fewer bits than 8 run on integer kernels, and are what their definition says. */
class NarrowActivationsTest {
    private static final float FINE = 0x1p-6f;
    private static final float COARSE = 0x1p-3f;

    @TempDir Path folder;
    private ExactNet nets;

    @BeforeEach
    void make() {
        nets = new ExactNet(folder);
    }

    /** Runs a quantized network both ways and checks all codes of few bits. */
    private List<String> check(Net net, Path small, Affine format) throws IOException {
        for (Codes each : ExactNet.codes(small, net.inputs(), format, folder)) {
            assertThat(each.found()).as(each.name()).isEqualTo(each.expected());
            // A test in which nothing is cut off would prove little.
            assertThat(each.expected()).as(each.name()).contains(format.qmax());
        }
        Map<String, float[]> literally = Runs.literally(small, net.inputs());
        Runs.optimized(small, net.inputs())
                .forEach(
                        (name, values) ->
                                assertThat(values).as(name).containsExactly(literally.get(name)));
        List<String> kernels = Runs.kernels(small, folder);
        assertThat(kernels)
                .doesNotContain(
                        "Conv", "FusedConv", "NhwcFusedConv", "Relu", "Add", "MatMul", "Gemm");
        return kernels;
    }

    private static int count(List<String> kernels, String kernel) {
        return Collections.frequency(kernels, kernel);
    }

    private static Value convolution(
            NetBuilder n, Value x, String name, int inputs, int outputs, float scale) {
        return n.node(
                "Conv",
                integers("pads", 1, 1, 1, 1),
                x,
                weight(n, name, 0, outputs, inputs, 3, 3),
                bias(n, name + "b", outputs, scale));
    }

    /** v is added to in 8 bits, and convolved in fewer by two layers; t is read by a layer only. */
    private static Net residual() {
        NetBuilder n = new NetBuilder();
        Value v = n.node("Relu", convolution(n, n.input("x", 1, 4, 7, 7), "w0", 4, 8, FINE));
        Value t = n.node("Relu", convolution(n, v, "w1", 8, 8, COARSE));
        Value side = convolution(n, v, "w2", 8, 8, COARSE);
        Value sum = n.node("Add", convolution(n, t, "w3", 8, 8, COARSE), v);
        return n.deliver(n.node("Add", sum, side));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7})
    void aValueThatOthersReadIsRoundedOnceMoreForItsLayers(int bits) throws IOException {
        Net net = residual();
        PlanSketch sketch = nets.sketch(net);
        float scale = COARSE * (1 << (7 - bits)) / 8;
        for (String value : List.of("x", "Conv_2_output", "Conv_3_output")) {
            ExactNet.value(sketch, value, unsigned(8), FINE, 128);
        }
        ExactNet.value(sketch, "Relu_output", unsigned(8), FINE / 2, 0);
        for (String value : List.of("Add_output", "Add_1_output")) {
            ExactNet.value(sketch, value, unsigned(8), 4 * FINE, 100);
        }
        ExactNet.value(sketch, "Relu_1_output", unsigned(bits), scale, 0);
        ExactNet.input(sketch, "Conv_1", unsigned(bits), scale, 0);
        ExactNet.input(sketch, "Conv_2", unsigned(bits), scale, 0);
        Path small = nets.encode(sketch);
        assertThat(count(Runs.operators(small), "QuantizeLinear")).isEqualTo(8);
        assertThat(count(Runs.operators(small), "Clip")).isEqualTo(2);
        List<String> kernels = check(net, small, unsigned(bits));
        assertThat(count(kernels, "QLinearConv")).isEqualTo(4);
        assertThat(count(kernels, "QLinearAdd")).isEqualTo(2);
        // The network's input, and the second rounding for both layers together.
        assertThat(count(kernels, "QuantizeLinear")).isEqualTo(2);
    }

    @Test
    void dataThatIsOnlyMovedIsLimitedOnce() throws IOException {
        NetBuilder n = new NetBuilder();
        Value v = n.node("Relu", convolution(n, n.input("x", 1, 4, 8, 8), "w0", 4, 8, FINE));
        Value pooled = n.node("MaxPool", integers("kernel_shape", 2, 2), v);
        Net net = n.deliver(convolution(n, pooled, "w1", 8, 3, COARSE));
        PlanSketch sketch = nets.sketch(net);
        ExactNet.value(sketch, "x", unsigned(8), FINE, 128);
        ExactNet.value(sketch, "Relu_output", unsigned(4), COARSE, 0);
        ExactNet.value(sketch, "MaxPool_output", unsigned(4), COARSE, 0);
        ExactNet.value(sketch, "Conv_1_output", unsigned(8), FINE, 128);
        Path small = nets.encode(sketch);
        assertThat(count(Runs.operators(small), "Clip")).isEqualTo(1);
        List<String> kernels = check(net, small, unsigned(4));
        assertThat(kernels).contains("QLinearConv", "NhwcMaxPool", "Clip");
        assertThat(count(kernels, "QuantizeLinear")).isEqualTo(1);
    }

    @Test
    void paddingWithSomethingLargeIsLimited() throws IOException {
        NetBuilder n = new NetBuilder();
        Value v = n.node("Relu", convolution(n, n.input("x", 1, 4, 6, 6), "w0", 4, 8, FINE));
        Value padded = n.node("Pad", v, n.longs(0, 0, 1, 1, 0, 0, 1, 1), n.number("filling", 1000));
        Net net = n.deliver(n.node("Conv", padded, weight(n, "w1", 0, 3, 8, 3, 3)));
        PlanSketch sketch = nets.sketch(net);
        ExactNet.value(sketch, "x", unsigned(8), FINE, 128);
        ExactNet.value(sketch, "Relu_output", unsigned(3), COARSE, 0);
        ExactNet.value(sketch, "Pad_output", unsigned(3), COARSE, 0);
        ExactNet.value(sketch, "Conv_1_output", unsigned(8), 4 * FINE, 128);
        Path small = nets.encode(sketch);
        List<String> kernels = check(net, small, unsigned(3));
        assertThat(count(kernels, "Clip")).isEqualTo(1);
    }

    private Net single() {
        NetBuilder n = new NetBuilder();
        return n.deliver(convolution(n, n.input("x", 1, 4, 7, 7), "w", 4, 6, COARSE));
    }

    @Test
    void numbersOfBothSignsHaveAZeroPoint() throws IOException {
        Net net = single();
        PlanSketch sketch = nets.sketch(net);
        ExactNet.value(sketch, "x", unsigned(4), COARSE, 7);
        ExactNet.value(sketch, "Conv_output", unsigned(8), FINE, 128);
        Path small = nets.encode(sketch);
        List<String> kernels = check(net, small, unsigned(4));
        assertThat(kernels).contains("QLinearConv", "Clip");
        Codes codes = ExactNet.codes(small, net.inputs(), unsigned(4), folder).getFirst();
        assertThat(codes.expected()).contains(0, 7, 15);
    }

    @Test
    void signedCodesAreLimitedOnBothSides() throws IOException {
        Affine format = new Affine(4, true, false);
        Net net = single();
        PlanSketch sketch = nets.sketch(net);
        ExactNet.value(sketch, "x", format, COARSE, -1);
        ExactNet.value(sketch, "Conv_output", new Affine(8, true, false), FINE, 3);
        Path small = nets.encode(sketch);
        List<Codes> codes = ExactNet.codes(small, net.inputs(), format, folder);
        assertThat(codes).hasSize(1);
        assertThat(codes.getFirst().found()).isEqualTo(codes.getFirst().expected());
        assertThat(Collections.min(codes.getFirst().found())).isEqualTo(-8);
        assertThat(Collections.max(codes.getFirst().found())).isEqualTo(7);
        assertThat(Runs.optimized(small, net.inputs()).get("Conv_output"))
                .containsExactly(Runs.literally(small, net.inputs()).get("Conv_output"));
    }

    @Test
    void aClipAndTheLevelsAreOneClipOfCodes() throws IOException {
        NetBuilder n = new NetBuilder();
        Value x = convolution(n, n.input("x", 1, 4, 7, 7), "w0", 4, 8, FINE);
        Value clipped = n.node("Clip", x, n.number("low", 0), n.number("high", 1.5f));
        Net net = n.deliver(convolution(n, clipped, "w1", 8, 3, COARSE));
        PlanSketch sketch = nets.sketch(net);
        ExactNet.value(sketch, "x", unsigned(8), FINE, 128);
        ExactNet.value(sketch, "Clip_output", unsigned(4), COARSE, 0);
        ExactNet.value(sketch, "Conv_1_output", unsigned(8), FINE, 128);
        Path small = nets.encode(sketch);
        // 1.5 is code 12.
        assertThat(
                        Collections.max(
                                ExactNet.codes(small, net.inputs(), unsigned(4), folder)
                                        .getFirst()
                                        .found()))
                .isEqualTo(12);
        List<String> kernels = Runs.kernels(small, folder);
        assertThat(kernels).doesNotContain("Conv", "FusedConv");
        assertThat(count(kernels, "Clip")).isEqualTo(1);
        assertThat(Runs.optimized(small, net.inputs()).get("Conv_1_output"))
                .containsExactly(Runs.literally(small, net.inputs()).get("Conv_1_output"));
    }

    @Test
    void aReluWhoseZeroPointIsNotTheSmallestCodeIsTheSameClip() throws IOException {
        NetBuilder n = new NetBuilder();
        Value x = n.node("Relu", convolution(n, n.input("x", 1, 4, 7, 7), "w0", 4, 8, FINE));
        Net net = n.deliver(convolution(n, x, "w1", 8, 3, COARSE));
        PlanSketch sketch = nets.sketch(net);
        ExactNet.value(sketch, "x", unsigned(8), FINE, 128);
        ExactNet.value(sketch, "Relu_output", unsigned(4), COARSE, 3);
        ExactNet.value(sketch, "Conv_1_output", unsigned(8), FINE, 128);
        Path small = nets.encode(sketch);
        List<Integer> codes =
                ExactNet.codes(small, net.inputs(), unsigned(4), folder).getFirst().found();
        assertThat(Collections.min(codes)).isEqualTo(3);
        assertThat(Collections.max(codes)).isEqualTo(15);
        assertThat(count(Runs.kernels(small, folder), "Clip")).isEqualTo(1);
    }

    @Test
    void gemm() throws IOException {
        NetBuilder n = new NetBuilder();
        Value x = n.input("x", 5, 32);
        Value y = n.node("Gemm", x, weight(n, "w0", 1, 32, 24), bias(n, "b0", 24, COARSE));
        Net net =
                n.deliver(
                        n.node(
                                "Gemm",
                                n.node("Relu", y),
                                weight(n, "w1", 1, 24, 3),
                                bias(n, "b1", 3, 2 * COARSE)));
        PlanSketch sketch = nets.sketch(net);
        ExactNet.value(sketch, "x", unsigned(8), FINE, 128);
        ExactNet.input(sketch, "Gemm", unsigned(4), COARSE, 8);
        ExactNet.value(sketch, "Relu_output", unsigned(4), 2 * COARSE, 0);
        ExactNet.value(sketch, "Gemm_1_output", unsigned(8), 4 * FINE, 128);
        Path small = nets.encode(sketch);
        assertThat(count(check(net, small, unsigned(4)), "QGemm")).isEqualTo(2);
    }

    @Test
    void productsWithBiasAndWithFloatResults() throws IOException {
        NetBuilder n = new NetBuilder();
        Value x = n.input("x", 5, 32);
        Value first =
                n.node(
                        "Add",
                        n.node("MatMul", x, weight(n, "w0", 1, 32, 24)),
                        bias(n, "b0", 24, COARSE));
        Net net = n.deliver(n.node("MatMul", first, weight(n, "w1", 1, 24, 16)));
        PlanSketch sketch = nets.sketch(net);
        ExactNet.value(sketch, "x", unsigned(4), COARSE, 8);
        ExactNet.value(sketch, "Add_output", unsigned(8), 4 * FINE, 128);
        ExactNet.input(sketch, "MatMul_1", unsigned(5), COARSE, 16);
        sketch.activations.remove("MatMul_1_output");
        Path small = nets.encode(sketch);
        Map<String, float[]> literally = Runs.literally(small, net.inputs());
        assertThat(Runs.optimized(small, net.inputs()).get("MatMul_1_output"))
                .containsExactly(literally.get("MatMul_1_output"));
        List<String> kernels = Runs.kernels(small, folder);
        assertThat(kernels)
                .contains("QGemm", "MatMulIntegerToFloat", "Clip")
                .doesNotContain("MatMul", "Gemm");
        assertThat(count(kernels, "Clip")).isEqualTo(2);
    }

    @Test
    void aConstantOperandHasCodesOfItsFormat() throws IOException {
        NetBuilder n = new NetBuilder();
        Value x = convolution(n, n.input("x", 1, 4, 7, 7), "w", 4, 6, FINE);
        Net net = n.deliver(n.node("Add", x, n.constant("c", 6, 1, 1)));
        PlanSketch sketch = nets.sketch(net);
        ExactNet.value(sketch, "x", unsigned(8), FINE, 128);
        ExactNet.value(sketch, "Conv_output", unsigned(8), FINE, 128);
        ExactNet.value(sketch, "c", unsigned(4), COARSE, 8);
        ExactNet.value(sketch, "Add_output", unsigned(4), COARSE, 8);
        Path small = nets.encode(sketch);
        List<String> kernels = check(net, small, unsigned(4));
        assertThat(kernels).contains("QLinearConv", "QLinearAdd");
        assertThat(count(kernels, "Clip")).isEqualTo(1);
    }

    @Test
    void aFloatLayerBetweenNarrowValuesKeepsItsWeights() throws IOException {
        NetBuilder n = new NetBuilder();
        Value v = n.node("Relu", convolution(n, n.input("x", 1, 4, 7, 7), "w0", 4, 8, FINE));
        Value y = n.node("Conv", v, n.constant("free", 8, 8, 1, 1));
        Net net = n.deliver(convolution(n, y, "w1", 8, 3, COARSE));
        PlanSketch sketch = nets.sketch(net);
        ExactNet.value(sketch, "x", unsigned(8), FINE, 128);
        ExactNet.value(sketch, "Relu_output", unsigned(4), COARSE, 0);
        ExactNet.value(sketch, "Conv_1_output", unsigned(4), COARSE, 8);
        ExactNet.value(sketch, "Conv_2_output", unsigned(8), 4 * FINE, 128);
        sketch.operators.remove("Conv_1");
        sketch.weights.removeIf(weight -> weight.tensor().equals("free"));
        Path small = nets.encode(sketch);
        List<String> kernels = Runs.kernels(small, folder);
        assertThat(count(kernels, "QLinearConv")).isEqualTo(2);
        assertThat(kernels).containsAnyOf("Conv", "FusedConv");
    }
}
