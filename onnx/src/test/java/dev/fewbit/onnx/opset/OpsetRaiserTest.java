package dev.fewbit.onnx.opset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.onnxruntime.OnnxJavaType;

import dev.fewbit.onnx.graph.AttributeValue.GraphValue;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.opset.Oracle.Array;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

class OpsetRaiserTest {

    @Test
    void leavesAModelAloneThatIsNewEnough() throws Exception {
        Model model = squeezing(13).model();
        byte[] before = OnnxWriter.toBytes(model);
        OpsetRaiser.raise(model, 11);
        OpsetRaiser.raise(model, 13);
        assertThat(OnnxWriter.toBytes(model)).isEqualTo(before);
        assertThat(OpsetRaiser.obstacles(model, 11)).isEmpty();
    }

    @Test
    void setsTheImportAndTheOldestIrVersionThatMayCarryIt() {
        Map<Integer, Integer> irVersions =
                Map.of(12, 7, 13, 7, 17, 8, 20, 9, 21, 10, 23, 11, 24, 12, 26, 13);
        irVersions.forEach(
                (opset, irVersion) -> {
                    Model model = squeezing(11).model();
                    OpsetRaiser.raise(model, opset);
                    assertThat(model.opset("")).hasValue(opset);
                    assertThat(model.irVersion()).isEqualTo((long) irVersion);
                });
    }

    @Test
    void keepsANewerIrVersionAndOtherDomains() {
        ModelSketch sketch = new ModelSketch(11);
        Value x = sketch.floats("x", 3);
        Node gelu = new Node("com.microsoft", "Gelu", "gelu");
        gelu.addInput(x);
        sketch.graph().add(gelu);
        Model model = sketch.deliver(gelu.addOutput("y")).model();
        model.setOpset("com.microsoft", 1);
        model.setIrVersion(12);
        OpsetRaiser.raise(model, 21);
        assertThat(model.irVersion()).isEqualTo(12);
        assertThat(model.opset("com.microsoft")).hasValue(1);
        assertThat(model.opset("")).hasValue(21);
    }

    @Test
    void importsTheDefaultDomainWhereTheModelUsesNone() {
        ModelSketch sketch = new ModelSketch(11);
        Node gelu = new Node("com.microsoft", "Gelu", "gelu");
        gelu.addInput(sketch.floats("x", 3));
        sketch.graph().add(gelu);
        sketch.deliver(gelu.addOutput("y"));
        Model model = new Model(8, sketch.graph());
        model.setOpset("com.microsoft", 1);
        OpsetRaiser.raise(model, 21);
        assertThat(model.opset("")).hasValue(21);
    }

    @Test
    void sharesEqualConstants() {
        ModelSketch sketch = new ModelSketch(11);
        Value x = sketch.floats("x", 3);
        for (int i = 0; i < 99; i++) {
            sketch.deliver(
                    sketch.apply(
                            "Unsqueeze", node -> node.setAttribute("axes", new long[] {0}), x));
        }
        sketch.deliver(
                sketch.apply("Unsqueeze", node -> node.setAttribute("axes", new long[] {1}), x));
        Model model = sketch.model();
        OpsetRaiser.raise(model, 13);
        assertThat(model.graph().initializers()).hasSize(2);
    }

    @Test
    void takesConstantsOffTheInputsOfOldFiles() throws Exception {
        ModelSketch sketch = new ModelSketch(8);
        Value x = sketch.floats("x", 3);
        Value weight = sketch.floats("weight", 3);
        sketch.graph().setInitializer(weight, Tensor.ofFloats(new long[] {3}, 1, 2, 3));
        sketch.deliver(sketch.apply("Mul", x, weight));
        Model model = sketch.model();
        model.setIrVersion(3);
        OpsetRaiser.raise(model, 13);
        assertThat(model.graph().inputs()).containsExactly(x);
        assertThat(model.graph().initializers()).containsOnlyKeys(weight);
        Map<String, Array> outputs =
                Oracle.run(
                        OnnxWriter.toBytes(model),
                        Map.of("x", Array.floats(new long[] {3}, 1, 1, 2)));
        assertThat(outputs.values()).containsExactly(Array.floats(new long[] {3}, 1, 2, 6));
    }

    @Test
    void rewritesSubgraphs() throws Exception {
        Map<String, Array> feed = Map.of("x", Array.waves(2, 3), "flag", flag());
        Model model = branching();
        byte[] before = OnnxWriter.toBytes(model);
        for (int target : new int[] {13, 18, 21, 25}) {
            Model raised = branching();
            OpsetRaiser.raise(raised, target);
            raised.graph().verify();
            // Both branches use the same axes, and one of them lies in a branch of a branch.
            assertThat(raised.graph().initializers()).hasSize(1);
            assertThat(Oracle.run(OnnxWriter.toBytes(raised), feed))
                    .isEqualTo(Oracle.run(before, feed));
        }
    }

    private static Array flag() {
        return new Array(
                OnnxJavaType.BOOL, List.of(), ByteBuffer.allocateDirect(1).put(0, (byte) 1));
    }

    /** If(flag): Squeeze(Unsqueeze(x, 0), 0) else If(flag): Unsqueeze(x, 0) else x. */
    private static Model branching() {
        ModelSketch sketch = new ModelSketch(11);
        Value x = sketch.floats("x", 2, 3);
        Value flag = sketch.input("flag", ElementType.BOOL);
        ModelSketch inner = sketch.subgraph("inner");
        inner.deliver(
                inner.apply("Unsqueeze", node -> node.setAttribute("axes", new long[] {0}), x));
        ModelSketch plain = sketch.subgraph("plain");
        plain.deliver(plain.apply("Neg", x));
        ModelSketch yes = sketch.subgraph("yes");
        yes.deliver(yes.apply("If", node -> branches(node, inner, plain), flag));
        ModelSketch no = sketch.subgraph("no");
        Value wide = no.apply("Unsqueeze", node -> node.setAttribute("axes", new long[] {0}), x);
        no.deliver(no.apply("Softmax", node -> node.setAttribute("axis", 2), wide));
        sketch.deliver(sketch.apply("If", node -> branches(node, yes, no), flag));
        return sketch.model();
    }

    private static void branches(Node node, ModelSketch yes, ModelSketch no) {
        node.setAttribute("then_branch", new GraphValue(yes.graph()));
        node.setAttribute("else_branch", new GraphValue(no.graph()));
    }

    @Test
    void keepsTheFastFormOfSoftmaxWhereTheRankFollows() {
        ModelSketch sketch = new ModelSketch(11);
        Value x = sketch.floats("x", "batch", "words", 8);
        // As exporters write attention: sizes from Shape, Gather, Unsqueeze and Concat.
        Value sizes = sketch.apply("Shape", x);
        Value batch = sketch.apply("Gather", sizes, scalar(sketch, "zero", 0));
        Value words = sketch.apply("Gather", sizes, scalar(sketch, "one", 1));
        Value target =
                sketch.apply(
                        "Concat",
                        node -> node.setAttribute("axis", 0),
                        vector(sketch, batch),
                        vector(sketch, words),
                        sketch.integers("heads", 2),
                        sketch.integers("width", 4));
        Value heads =
                sketch.apply(
                        "Transpose",
                        node -> node.setAttribute("perm", new long[] {0, 2, 1, 3}),
                        sketch.apply("Reshape", x, target));
        Value scores =
                sketch.apply(
                        "MatMul",
                        heads,
                        sketch.apply(
                                "Transpose",
                                node -> node.setAttribute("perm", new long[] {0, 1, 3, 2}),
                                heads));
        sketch.deliver(sketch.apply("Softmax", node -> node.setAttribute("axis", 3), scores));
        Model model = sketch.model();
        OpsetRaiser.raise(model, 21);
        assertThat(model.graph().nodes().stream().map(Node::opType))
                .doesNotContain("Flatten")
                .contains("Softmax");
    }

    @Test
    void keepsTheFastFormOfSoftmaxBehindASlicedShape() {
        ModelSketch sketch = new ModelSketch(11);
        Value x = sketch.floats("x", "batch", 4, 2);
        Value first =
                sketch.apply(
                        "Slice",
                        sketch.apply("Shape", x),
                        sketch.integers("start", 0),
                        sketch.integers("end", 1),
                        sketch.integers("axis", 0),
                        sketch.integers("step", 1));
        Value target =
                sketch.apply(
                        "Concat",
                        node -> node.setAttribute("axis", -1),
                        first,
                        sketch.integers("rest", -1));
        sketch.deliver(sketch.apply("Softmax", sketch.apply("Reshape", x, target)));
        Model model = sketch.model();
        OpsetRaiser.raise(model, 21);
        assertThat(model.graph().nodes().getLast().opType()).isEqualTo("Softmax");
        assertThat(model.graph().nodes().getLast().intAttribute("axis", 0)).isEqualTo(1);
    }

    @Test
    void keepsSizesOfZeroBehindAFlattenedSoftmax() throws Exception {
        Map<String, Array> feed = Map.of("x", Array.floats(new long[] {2, 3, 0}));
        for (int target : new int[] {14, 21, 25}) {
            ModelSketch sketch = new ModelSketch(11);
            sketch.deliver(sketch.apply("Softmax", sketch.floats("x", "n", 3, "m")));
            Model model = sketch.model();
            OpsetRaiser.raise(model, target);
            assertThat(Oracle.run(OnnxWriter.toBytes(model), feed).values())
                    .containsExactly(feed.get("x"));
        }
    }

    @Test
    void takesNoDefaultOfAnInputForAConstant() {
        ModelSketch sketch = new ModelSketch(11);
        Value x = sketch.floats("x", 24);
        Value sizes = sketch.input("sizes", ElementType.INT64, "rank");
        sketch.graph().setInitializer(sizes, Tensor.ofLongs(new long[] {2}, 4, 6));
        sketch.deliver(sketch.apply("Softmax", sketch.apply("Reshape", x, sizes)));
        Model model = sketch.model();
        OpsetRaiser.raise(model, 21);
        // The caller may hand in three sizes, so the rank is open.
        assertThat(model.graph().nodes().stream().map(Node::opType)).contains("Flatten");
    }

    @Test
    void repeatsTheNumbersOfGroupNormalizationForEveryChannel() throws Exception {
        // ONNX Runtime loads this operator only in its newer form, so the numbers are stated here:
        // two channels of a group hold 0 and 2, so their normalized values are -1 and 1.
        ModelSketch sketch = new ModelSketch(18);
        Value x = sketch.floats("x", "n", 4, 1);
        sketch.deliver(
                sketch.apply(
                        "GroupNormalization",
                        node -> {
                            node.setAttribute("num_groups", 2);
                            node.setAttribute("epsilon", 0f);
                        },
                        x,
                        sketch.constant("scale", Tensor.ofFloats(new long[] {2}, 1, 10)),
                        sketch.constant("bias", Tensor.ofFloats(new long[] {2}, 5, 100))));
        Model model = sketch.model();
        OpsetRaiser.raise(model, 21);
        Array input = Array.floats(new long[] {1, 4, 1}, 0, 2, 0, 2);
        assertThat(Oracle.run(OnnxWriter.toBytes(model), Map.of("x", input)).values())
                .containsExactly(Array.floats(new long[] {1, 4, 1}, 4, 6, 90, 110));
    }

    private static Value scalar(ModelSketch sketch, String name, long value) {
        return sketch.constant(name, Tensor.ofLongs(new long[0], value));
    }

    private static Value vector(ModelSketch sketch, Value scalar) {
        return sketch.apply("Unsqueeze", node -> node.setAttribute("axes", new long[] {0}), scalar);
    }

    @Test
    void refusesATargetItDoesNotKnow() {
        Model model = squeezing(11).model();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpsetRaiser.raise(model, 27))
                .withMessageContaining("7 to 26")
                .withMessageContaining("27");
        assertThatIllegalArgumentException().isThrownBy(() -> OpsetRaiser.obstacles(model, 6));
    }

    private static ModelSketch squeezing(int opset) {
        ModelSketch sketch = new ModelSketch(opset);
        Value x = sketch.floats("x", 1, 3);
        Graph graph = sketch.graph();
        assertThat(graph.inputs()).containsExactly(x);
        return sketch.deliver(sketch.apply("Relu", x));
    }
}
