package dev.fewbit.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.encoding.NetBuilder.Net;
import dev.fewbit.onnx.encode.ModelEncoder;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What ONNX Runtime rewrites by itself when it sees rounded activations, and must not: float layers
 * stay float, and integer products integer.
 */
class RuntimeRewritingTest {
    private static final int CHANNELS = 8;

    @TempDir Path folder;

    /** A float layer between a rounded value and one that is rounded again. */
    enum FloatLayer {
        CONVOLUTION((net, x) -> conv(net, x), "QLinearConv"),
        CONVOLUTION_AND_RELU((net, x) -> net.node("Relu", conv(net, x)), "QLinearConv"),
        CONVOLUTION_AND_POOL(
                (net, x) ->
                        net.node(
                                "MaxPool",
                                NetBuilder.integers("kernel_shape", 2, 2),
                                net.node("Relu", conv(net, x))),
                "QLinearConv"),
        TRANSPOSED_CONVOLUTION(
                (net, x) ->
                        net.node(
                                "ConvTranspose",
                                x,
                                net.constant("kept", CHANNELS, CHANNELS, 3, 3),
                                net.constant("kept_bias", CHANNELS)),
                "QLinearConvTranspose"),
        PRODUCT_WITH_BIAS(
                (net, x) ->
                        net.node(
                                "Add",
                                net.node("MatMul", x, net.constant("kept", 9, 9)),
                                net.constant("kept_bias", 9)),
                "QGemm"),
        GEMM(
                (net, x) ->
                        net.node(
                                "Gemm",
                                net.node("Reshape", x, net.longs(1, -1)),
                                net.constant("kept", 9 * 9 * CHANNELS, 16),
                                net.constant("kept_bias", 16)),
                "QGemm");

        @SuppressWarnings("ImmutableEnumChecker") // functions without state
        private final Layer layer;

        private final String integerKernel;

        FloatLayer(Layer layer, String integerKernel) {
            this.layer = layer;
            this.integerKernel = integerKernel;
        }

        /** Builds a layer onto a value. */
        interface Layer {
            Value build(NetBuilder net, Value input);
        }

        private static Value conv(NetBuilder net, Value input) {
            return net.node(
                    "Conv",
                    NetBuilder.integers("pads", 1, 1, 1, 1),
                    input,
                    net.constant("kept", CHANNELS, CHANNELS, 3, 3),
                    net.constant("kept_bias", CHANNELS));
        }

        Net net() {
            NetBuilder net = new NetBuilder();
            Value x = net.input("x", 1, CHANNELS, 9, 9);
            Value rounded = net.node("Sigmoid", x);
            return net.deliver(net.node("Sigmoid", layer.build(net, rounded)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void floatLayersStayFloat(FloatLayer kind) throws Exception {
        Net net = kind.net();
        Map<String, float[]> values = Runs.values(net, folder);
        PlanSketch sketch =
                PlanSketch.of(
                        net.model(),
                        values,
                        PlanSketch.UNSIGNED,
                        new Affine(8, true, true),
                        Grouping.CHANNEL);
        // Only what stands around the layer computes in integers.
        sketch.operators.keySet().removeIf(label -> !label.startsWith("Sigmoid"));
        sketch.weights.clear();
        List<String> around =
                net.model().graph().nodes().stream()
                        .filter(node -> node.is("Sigmoid"))
                        .flatMap(
                                node ->
                                        List.of(node.onlyOutput().name(), node.input(0).name())
                                                .stream())
                        .toList();
        sketch.activations.keySet().retainAll(around);
        around.forEach(name -> sketch.quantize(valueOf(net, name)));

        Path small = encoded(net, sketch.plan());
        assertThat(Runs.kernels(small, folder))
                .doesNotContain(kind.integerKernel)
                .contains("QLinearSigmoid");
        // Rounded weights would be off by several steps; the same float kernels by none or one.
        Map<String, float[]> literal = Runs.literally(small, net.inputs());
        Map<String, float[]> optimized = Runs.optimized(small, net.inputs());
        literal.forEach(
                (name, expected) -> {
                    double step = sketch.activations.get(name).parameters().scale();
                    assertThat(apart(expected, optimized.get(name)))
                            .isLessThanOrEqualTo(1.01 * step);
                });
    }

    /** What may follow on an integer product of matrices. */
    enum Added {
        COLUMN(net -> net.constant("column", 5, 1)),
        MATRIX_COMPUTED(net -> net.node("Exp", net.input("r", 5, 24)));

        @SuppressWarnings("ImmutableEnumChecker") // functions without state
        private final Function<NetBuilder, Value> operand;

        Added(Function<NetBuilder, Value> operand) {
            this.operand = operand;
        }
    }

    @ParameterizedTest
    @EnumSource
    void productsBehindWhichFloatsAreAddedStayInteger(Added kind) throws Exception {
        NetBuilder builder = new NetBuilder();
        Value x = builder.input("x", 5, 16);
        Value product = builder.node("MatMul", x, builder.constant("w", 16, 24));
        Value sum = builder.node("Add", product, kind.operand.apply(builder));
        Net net = builder.deliver(builder.node("Tanh", sum));
        Map<String, float[]> values = Runs.values(net, folder);
        PlanSketch sketch =
                PlanSketch.of(
                        net.model(),
                        values,
                        PlanSketch.UNSIGNED,
                        new Affine(8, true, true),
                        Grouping.CHANNEL);
        sketch.operators.keySet().removeIf(label -> !label.startsWith("MatMul"));
        sketch.activations.keySet().retainAll(List.of("x"));

        Path small = encoded(net, sketch.plan());
        assertThat(Runs.kernels(small, folder))
                .contains("MatMulIntegerToFloat")
                .doesNotContain("Gemm", "FusedGemm");
    }

    private Path encoded(Net net, Plan plan) throws Exception {
        new ModelEncoder(net.model(), Measuring.NOTHING).encode(plan);
        Path small = folder.resolve("small.onnx");
        OnnxWriter.write(net.model(), small, WriteOptions.defaults());
        return small;
    }

    private static Value valueOf(Net net, String name) {
        return net.model().graph().nodes().stream()
                .flatMap(node -> node.outputs().stream())
                .filter(value -> value.name().equals(name))
                .findFirst()
                .orElseGet(() -> net.model().graph().inputs().getFirst());
    }

    private static double apart(float[] one, float[] other) {
        double worst = 0;
        for (int i = 0; i < one.length; i++) {
            worst = Math.max(worst, Math.abs(one[i] - other[i]));
        }
        return worst;
    }
}
