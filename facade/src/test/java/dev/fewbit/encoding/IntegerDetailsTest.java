package dev.fewbit.encoding;

import static dev.fewbit.encoding.NetBuilder.integers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.encoding.NetBuilder.Net;
import dev.fewbit.onnx.encode.ModelEncoder;
import dev.fewbit.onnx.graph.AttributeValue;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.io.WriteOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The corners of encoding activations. */
class IntegerDetailsTest {
    private static final Affine WEIGHT = new Affine(8, true, true);

    @TempDir Path folder;

    private record Encoded(Net net, PlanSketch sketch, Path file, Map<String, float[]> values) {}

    private Encoded encode(Supplier<Net> build, Consumer<PlanSketch> change) throws IOException {
        Net net = build.get();
        Map<String, float[]> values = Runs.values(net, folder);
        PlanSketch sketch =
                PlanSketch.of(net.model(), values, PlanSketch.UNSIGNED, WEIGHT, Grouping.CHANNEL);
        change.accept(sketch);
        new ModelEncoder(net.model(), Measuring.NOTHING).encode(sketch.plan());
        Path small = folder.resolve("small.onnx");
        OnnxWriter.write(net.model(), small, WriteOptions.defaults());
        return new Encoded(net, sketch, small, values);
    }

    private void agrees(Supplier<Net> build, Encoded encoded) throws IOException {
        QuantizedRun run =
                QuantizedRun.of(build.get(), encoded.sketch.plan(), encoded.file, folder);
        for (String name : run.inIntegers()) {
            ActivationPlan levels = encoded.sketch.activations.get(name);
            float[] expected = QuantizedRun.rounded(run.expected().get(name), levels);
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) run.actual().get(name)[i])
                        .as("element %d of %s", i, name)
                        .isCloseTo(expected[i], within(levels.parameters().scale() * 1.0001));
            }
        }
    }

    private List<String> kernels(Encoded encoded) throws IOException {
        return Runs.kernels(encoded.file, folder);
    }

    private static Net reluNet() {
        NetBuilder n = new NetBuilder();
        Value x =
                n.node(
                        "Relu",
                        n.node(
                                "Conv",
                                n.input("x", 1, 4, 9, 9),
                                n.constant("w1", 6, 4, 3, 3),
                                n.constant("b1", 6)));
        return n.deliver(n.node("Conv", x, n.constant("w2", 3, 6, 3, 3), n.constant("b2", 3)));
    }

    @Test
    void reluWhoseZeroPointIsNotTheSmallestCodeLimitsCodes() throws IOException {
        Encoded encoded =
                encode(
                        IntegerDetailsTest::reluNet,
                        sketch -> sketch.put("Relu_output", new AffineParameters(0.1f, 100)));
        agrees(IntegerDetailsTest::reluNet, encoded);
        assertThat(kernels(encoded))
                .contains("QLinearConv", "Clip")
                .doesNotContain("Conv", "FusedConv", "Relu");
    }

    @Test
    void reluThatThePlanDoesNotNameBelongsToTheConvolution() throws IOException {
        Encoded encoded =
                encode(IntegerDetailsTest::reluNet, sketch -> sketch.operators.remove("Relu"));
        assertThat(kernels(encoded)).doesNotContain("Conv", "FusedConv", "Relu", "Clip");
    }

    private static Net clipNet() {
        NetBuilder n = new NetBuilder();
        Value x = n.node("Conv", n.input("x", 1, 4, 9, 9), n.constant("w1", 6, 4, 3, 3));
        Value clipped = n.node("Clip", x, n.number("low", -1), n.number("high", 2));
        return n.deliver(n.node("Conv", clipped, n.constant("w2", 3, 6, 3, 3)));
    }

    @Test
    void clipIsLeftOutWhenTheLevelsLieWithinIt() throws IOException {
        Encoded encoded =
                encode(
                        IntegerDetailsTest::clipNet,
                        // The largest level is 254 / 128 = 1.98.
                        sketch -> sketch.put("Clip_output", new AffineParameters(1f / 128, 1)));
        agrees(IntegerDetailsTest::clipNet, encoded);
        assertThat(kernels(encoded)).doesNotContain("Conv", "FusedConv", "Clip");
    }

    @Test
    void clipLimitsCodesWhenLevelsLieOutsideOfIt() throws IOException {
        Encoded encoded =
                encode(
                        IntegerDetailsTest::clipNet,
                        sketch -> sketch.put("Clip_output", new AffineParameters(0.02f, 100)));
        agrees(IntegerDetailsTest::clipNet, encoded);
        assertThat(kernels(encoded)).contains("Clip").doesNotContain("Conv", "FusedConv");
    }

    private static Net betweenQuantized() {
        NetBuilder n = new NetBuilder();
        Value x = n.node("Sigmoid", n.input("x", 3, 20));
        return n.deliver(
                n.node("Sigmoid", n.node("Clip", x, n.number("low", 0.25f))),
                n.node("LeakyRelu", x));
    }

    @Test
    void clipBetweenEqualLevelsLimitsCodes() throws IOException {
        Encoded encoded =
                encode(
                        IntegerDetailsTest::betweenQuantized,
                        sketch ->
                                sketch.put(
                                        "Clip_output",
                                        sketch.activations.get("Sigmoid_output").parameters()));
        agrees(IntegerDetailsTest::betweenQuantized, encoded);
        assertThat(kernels(encoded))
                .containsExactlyInAnyOrder(
                        "QuantizeLinear",
                        "QLinearSigmoid",
                        "Clip",
                        "QLinearSigmoid",
                        "QLinearLeakyRelu",
                        "DequantizeLinear",
                        "DequantizeLinear");
    }

    @Test
    void clipBetweenDifferentLevelsIsComputedInFloat() throws IOException {
        Encoded encoded = encode(IntegerDetailsTest::betweenQuantized, _ -> {});
        agrees(IntegerDetailsTest::betweenQuantized, encoded);
    }

    private static Net productNet(String operator, boolean bias) {
        NetBuilder n = new NetBuilder();
        Value x = n.node("Sigmoid", n.input("x", 3, 64));
        Value product =
                operator.equals("Gemm")
                        ? n.node("Gemm", x, n.constant("w", 64, 40), n.constant("b", 40))
                        : n.node("MatMul", x, n.constant("w", 64, 40));
        return n.deliver(bias ? n.node("Add", product, n.constant("b", 40)) : product);
    }

    /**
     * Products may give floats. They differ from the definition by the rounding of floats, 2^-23 of
     * the largest sum for every term, and of the bias, half a step of the product of both scales.
     */
    private void givesFloats(String operator, boolean bias, String kernel) throws IOException {
        Supplier<Net> build = () -> productNet(operator, bias);
        String output = bias ? "Add_output" : operator + "_output";
        Encoded encoded = encode(build, sketch -> sketch.activations.remove(output));
        assertThat(kernels(encoded)).containsOnlyOnce(kernel).doesNotContain("DequantizeLinear");
        assertThat(kernels(encoded)).doesNotContain("MatMul", "Gemm", "Add");
        QuantizedRun run =
                QuantizedRun.of(build.get(), encoded.sketch.plan(), encoded.file, folder);
        float[] actual = run.actual().get(output);
        float[] expected = run.expected().get(output);
        float[] weight = encoded.values.get("w");
        double largestWeight = 0;
        for (float each : weight) {
            largestWeight = Math.max(largestWeight, Math.abs(each));
        }
        double scales =
                encoded.sketch.activations.get("Sigmoid_output").parameters().scale()
                        * largestWeight
                        / 127;
        double tolerance = 64 * 0x1p-23 * 64 * largestWeight + scales / 2;
        for (int i = 0; i < actual.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], within(tolerance));
        }
    }

    @Test
    void matMulMayGiveFloats() throws IOException {
        givesFloats("MatMul", false, "MatMulIntegerToFloat");
    }

    @Test
    void matMulWithBiasMayGiveFloats() throws IOException {
        givesFloats("MatMul", true, "QGemm");
    }

    @Test
    void gemmMayGiveFloats() throws IOException {
        givesFloats("Gemm", false, "QGemm");
    }

    private static Net deadChannels() {
        NetBuilder n = new NetBuilder();
        float[] weights = new float[3 * 4 * 9];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i < 36 ? 1e-30f * (i % 5 - 2) : i < 72 ? 0 : 0.1f * (i % 7 - 3);
        }
        Value w = n.graph().addInitializer("w", Tensor.ofFloats(new long[] {3, 4, 3, 3}, weights));
        Value b = n.numbers("b", 1.5f, -0.75f, 100);
        return n.deliver(n.node("Conv", n.input("x", 1, 4, 9, 9), w, b));
    }

    /** Weights of 1e-30 and a bias of 1.5 would make a bias code of 1e33. */
    @Test
    void aDeadChannelKeepsItsBias() throws IOException {
        Encoded encoded = encode(IntegerDetailsTest::deadChannels, _ -> {});
        double step = encoded.sketch.activations.get("Conv_output").parameters().scale();
        float[] actual = Runs.optimized(encoded.file, encoded.net.inputs()).get("Conv_output");
        float[] expected = encoded.values.get("Conv_output");
        int area = actual.length / 3;
        for (int i = 0; i < 2 * area; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], within(step));
        }
        for (Tensor tensor : OnnxReader.read(encoded.file).graph().initializers().values()) {
            if (tensor.elementType() == ElementType.INT32) {
                for (long code : tensor.longs()) {
                    assertThat(Math.abs(code)).isLessThanOrEqualTo(1 << 30);
                }
            }
        }
        assertThat(kernels(encoded)).contains("QLinearConv");
    }

    private static Net twoOutputs() {
        NetBuilder n = new NetBuilder();
        Value x = n.node("Conv", n.input("x", 1, 4, 9, 9), n.constant("w1", 6, 4, 3, 3));
        Value y = n.node("Conv", x, n.constant("w2", 3, 6, 3, 3));
        return n.deliver(x, y, n.node("Tanh", x));
    }

    @Test
    void inputsAndOutputsStayFloatsUnderTheirNames() throws IOException {
        Encoded encoded = encode(IntegerDetailsTest::twoOutputs, _ -> {});
        Model model = OnnxReader.read(encoded.file);
        assertThat(model.graph().inputs()).extracting(Value::name).containsExactly("x");
        assertThat(model.graph().inputs().getFirst().elementType()).isEqualTo(ElementType.FLOAT);
        assertThat(model.graph().outputs())
                .extracting(Value::name)
                .containsExactly("Conv_output", "Conv_1_output", "Tanh_output");
        agrees(IntegerDetailsTest::twoOutputs, encoded);
        assertThat(kernels(encoded)).doesNotContain("Conv", "FusedConv");
    }

    @Test
    void floatsThatNothingReadsAreGone() throws IOException {
        Encoded encoded = encode(IntegerDetailsTest::reluNet, _ -> {});
        Model model = OnnxReader.read(encoded.file);
        assertThat(model.graph().initializers().keySet())
                .extracting(Value::name)
                .doesNotContain("w1", "w2", "b1", "b2");
        for (Value value : model.graph().initializers().keySet()) {
            assertThat(value.isUsed()).as(value.name()).isTrue();
        }
    }

    @Test
    void bytesDoNotDependOnThreads() throws IOException {
        Encoded encoded = encode(IntegerNetwork.RESIDUAL::net, _ -> {});
        Path again = folder.resolve("again.onnx");
        OnnxWriter.write(encoded.net.model(), again, WriteOptions.defaults().withThreads(4));
        assertThat(again).hasSameBinaryContentAs(encoded.file);
        assertThat(Files.size(again)).isPositive();
    }

    @Test
    void opsetIsRaisedAsFarAsNeeded() throws IOException {
        Net net = reluNet();
        net.model().setOpset("", 11);
        Map<String, float[]> values = Runs.values(net, folder);
        PlanSketch eight =
                PlanSketch.of(net.model(), values, PlanSketch.UNSIGNED, WEIGHT, Grouping.CHANNEL);
        new ModelEncoder(net.model(), Measuring.NOTHING).encode(eight.plan());
        assertThat(net.model().opset("")).hasValue(13);

        Net wide = reluNet();
        PlanSketch sixteen =
                PlanSketch.of(
                        wide.model(),
                        values,
                        new Affine(16, false, false),
                        WEIGHT,
                        Grouping.CHANNEL);
        new ModelEncoder(wide.model(), Measuring.NOTHING).encode(sixteen.plan());
        assertThat(wide.model().opset("")).hasValue(21);
    }

    private static Net folded() {
        NetBuilder n = new NetBuilder();
        Value w = n.constant("w", 6, 4, 3, 3);
        Value x = n.node("Conv", n.input("x", 1, 4, 9, 9), w);
        return n.deliver(x, n.node("ReduceMean", integers("axes", 0), w));
    }

    @Test
    void aWeightMayBeReadAsIntegersAndAsFloats() throws IOException {
        Encoded encoded =
                encode(
                        IntegerDetailsTest::folded,
                        sketch -> {
                            WeightPlan old = sketch.weights.getFirst();
                            sketch.weights.set(
                                    0,
                                    new WeightPlan(
                                            "w",
                                            old.shape(),
                                            new Affine(7, true, true),
                                            Grouping.CHANNEL,
                                            old.range(),
                                            List.of(
                                                    new UsePlan("Conv", "Conv", Encoding.INTEGER),
                                                    new UsePlan(
                                                            "ReduceMean",
                                                            "ReduceMean",
                                                            Encoding.FOLDED)),
                                            "tested"));
                        });
        agrees(IntegerDetailsTest::folded, encoded);
        assertThat(kernels(encoded)).contains("QLinearConv").doesNotContain("Conv");
    }

    private static Net tied() {
        NetBuilder n = new NetBuilder();
        Value table = n.constant("w", 50, 64);
        Value x = n.node("Sigmoid", n.input("x", 3, 64));
        Value logits = n.node("MatMul", x, n.node("Transpose", integers("perm", 1, 0), table));
        return n.deliver(logits, n.node("Gather", table, n.longs(3, 7)));
    }

    @Test
    void aTableMayAlsoBeAnIntegerMatrix() throws IOException {
        Encoded encoded =
                encode(
                        IntegerDetailsTest::tied,
                        sketch -> {
                            WeightPlan old = sketch.weights.getFirst();
                            List<UsePlan> uses =
                                    old.uses().stream()
                                            .map(
                                                    use ->
                                                            use.operator().equals("Gather")
                                                                    ? new UsePlan(
                                                                            use.node(),
                                                                            "Gather",
                                                                            Encoding.GATHERED_ROWS)
                                                                    : use)
                                            .toList();
                            sketch.weights.set(
                                    0,
                                    new WeightPlan(
                                            "w",
                                            old.shape(),
                                            WEIGHT,
                                            Grouping.CHANNEL,
                                            old.range(),
                                            uses,
                                            "tested"));
                        });
        agrees(IntegerDetailsTest::tied, encoded);
        assertThat(kernels(encoded)).contains("QLinearMatMul").doesNotContain("MatMul");
    }

    private static Net greatest() {
        NetBuilder n = new NetBuilder();
        Value x = n.node("Sigmoid", n.input("x", 3, 20));
        Value index = n.node("ArgMax", x);
        return n.deliver(
                n.node("LeakyRelu", x), n.node("Cast", NetBuilder.integer("to", 1), index));
    }

    @Test
    void argMaxReadsCodes() throws IOException {
        Encoded encoded = encode(IntegerDetailsTest::greatest, _ -> {});
        assertThat(kernels(encoded))
                .containsExactlyInAnyOrder(
                        "QuantizeLinear",
                        "QLinearSigmoid",
                        "QLinearLeakyRelu",
                        "DequantizeLinear",
                        "ArgMax",
                        "Cast");
    }

    private static Net moving() {
        NetBuilder n = new NetBuilder();
        Value x = n.node("Sigmoid", n.input("x", 3, 20));
        Value turned = n.node("Transpose", integers("perm", 1, 0), x);
        return n.deliver(n.node("Tanh", n.node("Reshape", turned, n.longs(5, 12))));
    }

    /** Of 16 bits, data is moved in integers, and all else computed in float. */
    @Test
    void sixteenBitsAreMoved() throws IOException {
        Net net = moving();
        PlanSketch sketch =
                PlanSketch.of(
                        net.model(),
                        Runs.values(net, folder),
                        new Affine(16, false, false),
                        WEIGHT,
                        Grouping.CHANNEL);
        new ModelEncoder(net.model(), Measuring.NOTHING).encode(sketch.plan());
        Path small = folder.resolve("small.onnx");
        OnnxWriter.write(net.model(), small, WriteOptions.defaults());
        assertThat(Runs.kernels(small, folder))
                .containsExactly(
                        "QuantizeLinear",
                        "DequantizeLinear",
                        "Sigmoid",
                        "QuantizeLinear",
                        "Transpose",
                        "Reshape",
                        "DequantizeLinear",
                        "Tanh");
    }

    private static Net branching() {
        NetBuilder n = new NetBuilder();
        Value x = n.node("Sigmoid", n.input("x", 3, 20));
        Value condition =
                n.graph()
                        .addInitializer(
                                "condition",
                                Tensor.ofBytes(ElementType.BOOL, new long[0], new byte[] {1}));
        Node branch = new Node("If", "If", condition);
        branch.setAttribute("then_branch", body("then", "LeakyRelu", x));
        branch.setAttribute("else_branch", body("else", "Tanh", x));
        Value output = branch.addOutput("chosen");
        n.graph().add(branch);
        return n.deliver(output, n.node("LeakyRelu", x));
    }

    private static AttributeValue body(String name, String operator, Value x) {
        Graph body = new Graph(name);
        Node node = new Node(operator, operator + "_of_" + name, x);
        Value output = node.addOutput(name + "_output");
        body.add(node);
        output.setType(ElementType.FLOAT, null);
        body.addOutput(output);
        return new AttributeValue.GraphValue(body);
    }

    @Test
    void subgraphsReadQuantizedValues() throws IOException {
        Encoded encoded =
                encode(
                        IntegerDetailsTest::branching,
                        sketch -> {
                            Node inner =
                                    sketch.model().graph().allNodes().stream()
                                            .filter(node -> node.name().equals("LeakyRelu_of_then"))
                                            .findFirst()
                                            .orElseThrow();
                            sketch.integer(inner);
                            sketch.put("then_output", new AffineParameters(1f / 255, 0));
                        });
        float[] expected = encoded.values.get("chosen");
        float[] actual = Runs.optimized(encoded.file, encoded.net.inputs()).get("chosen");
        double steps =
                1f / 255 + encoded.sketch.activations.get("Sigmoid_output").parameters().scale();
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], within(steps));
        }
    }
}
