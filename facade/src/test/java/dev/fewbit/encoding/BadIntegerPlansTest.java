package dev.fewbit.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.OperatorPlan;
import dev.fewbit.core.plan.OperatorPlan.Arithmetic;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.encoding.NetBuilder.Net;
import dev.fewbit.onnx.encode.EncodingException;
import dev.fewbit.onnx.encode.ModelEncoder;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.weight.WeightSites;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Plans that cannot be carried out are refused before the model is changed, saying why. */
class BadIntegerPlansTest {
    private static final Affine WEIGHT = new Affine(8, true, true);

    @TempDir Path folder;

    /** {@code Tanh(Flatten(Add(Conv(x), y)))} */
    private static Net net() {
        NetBuilder n = new NetBuilder();
        Value x =
                n.node(
                        "Conv",
                        n.input("x", 1, 4, 5, 5),
                        n.constant("w", 6, 4, 3, 3),
                        n.constant("b", 6));
        Value sum = n.node("Add", x, n.input("y", 1, 6, 3, 3));
        return n.deliver(n.node("Tanh", n.node("Flatten", sum)));
    }

    private void refuses(Consumer<PlanSketch> change, String... words) throws IOException {
        refuses(net(), change, words);
    }

    private void refuses(Net net, Consumer<PlanSketch> change, String... words) throws IOException {
        PlanSketch sketch =
                PlanSketch.of(
                        net.model(),
                        Runs.values(net, folder),
                        PlanSketch.UNSIGNED,
                        WEIGHT,
                        Grouping.CHANNEL);
        change.accept(sketch);
        Model model = net.model();
        byte[] before = OnnxWriter.toBytes(model);
        assertThatThrownBy(() -> new ModelEncoder(model, Measuring.NOTHING).encode(sketch.plan()))
                .isInstanceOf(EncodingException.class)
                .hasMessageContainingAll(words);
        assertThat(OnnxWriter.toBytes(model)).isEqualTo(before);
    }

    private static WeightPlan weight(
            WeightPlan old, Affine format, Grouping grouping, Encoding as) {
        UsePlan use = old.uses().getFirst();
        return new WeightPlan(
                old.tensor(),
                old.shape(),
                format,
                grouping,
                old.range(),
                List.of(new UsePlan(use.node(), use.operator(), as)),
                "tested");
    }

    @Test
    void valuesThatTheModelDoesNotHave() throws IOException {
        refuses(
                sketch -> sketch.put("z", new AffineParameters(1, 0)),
                "quantizes value 'z'",
                "no value of that name");
    }

    @Test
    void valuesThatAreNoFloats() throws IOException {
        NetBuilder n = new NetBuilder();
        Value condition = n.condition("c", 3);
        Net net = n.deliver(n.node("Where", condition, n.input("x", 3), n.input("y", 3)));
        refuses(
                net,
                sketch -> sketch.put("c", new AffineParameters(1, 0)),
                "quantizes value 'c'",
                "BOOL");
    }

    @Test
    void nodesThatTheModelDoesNotHave() throws IOException {
        refuses(
                sketch ->
                        sketch.operators.put(
                                "Pool",
                                new OperatorPlan("Pool", "MaxPool", Arithmetic.INTEGER, "tested")),
                "node 'Pool'",
                "no node of that name");
    }

    @Test
    void nodesOfOneName() throws IOException {
        refuses(
                sketch -> sketch.model().graph().nodes().get(2).setName("Add"),
                "node 'Add'",
                "several nodes");
    }

    @Test
    void anotherOperatorThanPlanned() throws IOException {
        refuses(
                sketch ->
                        sketch.operators.put(
                                "Add",
                                new OperatorPlan("Add", "Mul", Arithmetic.INTEGER, "tested")),
                "'Add' is Add",
                "the plan says Mul");
    }

    @Test
    void operatorsWithoutAnIntegerKernel() throws IOException {
        refuses(
                sketch ->
                        sketch.operators.put(
                                "Tanh",
                                new OperatorPlan("Tanh", "Tanh", Arithmetic.INTEGER, "tested")),
                "'Tanh' (Tanh) cannot compute in integers",
                "no integer kernel");
    }

    @Test
    void inputsWithoutParameters() throws IOException {
        refuses(
                sketch -> sketch.activations.remove("y"),
                "Add \"Add\"",
                "no parameters for its input 'y'");
    }

    @Test
    void outputsWithoutParameters() throws IOException {
        refuses(
                sketch -> {
                    sketch.activations.remove("Add_output");
                    sketch.activations.remove("Flatten_output");
                    sketch.operators.remove("Flatten");
                },
                "Add \"Add\"",
                "no parameters for its output 'Add_output'");
    }

    @Test
    void movedCodesThatMeanSomethingElse() throws IOException {
        refuses(
                sketch -> sketch.put("Flatten_output", new AffineParameters(0.5f, 3)),
                "Flatten \"Flatten\" moves codes",
                "'Add_output' (uint8",
                "'Flatten_output' (uint8, scale 0.5, zero point 3)");
    }

    @Test
    void movedCodesOfAnotherFormat() throws IOException {
        refuses(
                sketch -> {
                    ActivationPlan old = sketch.activations.get("Flatten_output");
                    sketch.activations.put(
                            "Flatten_output",
                            new ActivationPlan(
                                    "Flatten_output",
                                    new Affine(16, false, false),
                                    old.parameters(),
                                    "min-max",
                                    "tested"));
                },
                "moves codes",
                "uint16");
    }

    @Test
    void biasesThatTheNetworkComputes() throws IOException {
        NetBuilder n = new NetBuilder();
        Net net =
                n.deliver(
                        n.node(
                                "Conv",
                                n.input("x", 1, 4, 5, 5),
                                n.constant("w", 6, 4, 3, 3),
                                n.input("b", 6)));
        refuses(
                net,
                sketch -> {
                    sketch.weights.add(
                            PlanSketch.weight(
                                    WeightSites.find(net.model()).getFirst(),
                                    WEIGHT,
                                    Grouping.CHANNEL));
                    sketch.put("x", new AffineParameters(1, 0));
                    sketch.put("Conv_output", new AffineParameters(1, 0));
                    sketch.integer(net.model().graph().nodes().getFirst());
                },
                "'Conv' (Conv) cannot compute in integers",
                "its bias is computed by the network");
    }

    @Test
    void biasesThatAreNotFinite() throws IOException {
        refuses(
                sketch -> {
                    Graph graph = sketch.model().graph();
                    graph.initializers().keySet().stream()
                            .filter(value -> value.name().equals("b"))
                            .toList()
                            .forEach(
                                    bias ->
                                            graph.setInitializer(
                                                    bias,
                                                    Tensor.ofFloats(
                                                            new long[] {6},
                                                            1,
                                                            Float.NaN,
                                                            1,
                                                            1,
                                                            1,
                                                            1)));
                },
                "bias 'b'",
                "NaN");
    }

    @Test
    void weightsThatAreNotPlanned() throws IOException {
        refuses(sketch -> sketch.weights.clear(), "Conv \"Conv\"", "its weight 'w' is not planned");
    }

    @Test
    void weightsWithAnotherEncoding() throws IOException {
        refuses(
                sketch ->
                        sketch.weights.set(
                                0,
                                weight(
                                        sketch.weights.getFirst(),
                                        WEIGHT,
                                        Grouping.CHANNEL,
                                        Encoding.FOLDED)),
                "Conv \"Conv\"",
                "its weight 'w' is not planned as integer");
    }

    @Test
    void integerWeightsOfFloatNodes() throws IOException {
        refuses(
                sketch ->
                        sketch.operators.put(
                                "Conv",
                                new OperatorPlan("Conv", "Conv", Arithmetic.FLOAT, "tested")),
                "tensor 'w'",
                "does not compute in integers");
    }

    @Test
    void biasesPlannedAsWeights() throws IOException {
        refuses(
                sketch -> {
                    WeightPlan old = sketch.weights.getFirst();
                    sketch.weights.add(
                            new WeightPlan(
                                    "b",
                                    List.of(6L),
                                    WEIGHT,
                                    Grouping.TENSOR,
                                    old.range(),
                                    List.of(new UsePlan("Conv", "Conv", Encoding.FOLDED)),
                                    "tested"));
                },
                "tensor 'b'",
                "it is the bias of Conv \"Conv\"");
    }

    @Test
    void constantsPlannedTwice() throws IOException {
        refuses(
                sketch -> sketch.put("w", new AffineParameters(1, 0)),
                "'w' as a weight and as an activation");
    }

    @Test
    void weightsThatNoIntegerKernelTakes() throws IOException {
        refuses(
                sketch ->
                        sketch.weights.set(
                                0,
                                weight(
                                        sketch.weights.getFirst(),
                                        new Affine(8, false, false),
                                        Grouping.CHANNEL,
                                        Encoding.INTEGER)),
                "tensor 'w'",
                "integer kernels take symmetric weights");
        refuses(
                sketch ->
                        sketch.weights.set(
                                0,
                                weight(
                                        sketch.weights.getFirst(),
                                        WEIGHT,
                                        Grouping.block(16),
                                        Encoding.INTEGER)),
                "tensor 'w'",
                "not blocks");
    }

    @Test
    void signedActivationsWhereTheRuntimeFails() throws IOException {
        Net net = net();
        net.model().setOpset("", 21);
        refuses(
                net,
                sketch -> {
                    ActivationPlan old = sketch.activations.get("x");
                    sketch.activations.put(
                            "x",
                            new ActivationPlan(
                                    "x",
                                    new Affine(8, true, false),
                                    new AffineParameters(old.parameters().scale(), 0),
                                    "min-max",
                                    "tested"));
                },
                "value 'x' cannot be int8",
                "opset 21",
                "uint8");
    }
}
