package dev.fewbit.onnx.opset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxWriter;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What cannot be raised is refused before anything changes, with the reason and what to do. */
class RefusalsTest {

    @Test
    void unknownOperator() throws Exception {
        ModelSketch sketch = new ModelSketch(11);
        sketch.deliver(sketch.apply("Frobnicate", sketch.floats("x", 3)));
        refused(sketch.model(), 13, "Frobnicate \"frobnicate\"", "does not know", "own domain");
    }

    @Test
    void operatorThatTheStatedOpsetDoesNotHave() throws Exception {
        ModelSketch sketch = new ModelSketch(13);
        sketch.deliver(sketch.apply("Gelu", sketch.floats("x", 3)));
        refused(sketch.model(), 21, "Gelu", "opset 13", "no such operator", "[20]");
        ModelSketch removed = new ModelSketch(11);
        removed.deliver(removed.apply("Upsample", removed.floats("x", 3)));
        refused(removed.model(), 13, "Upsample", "opset 11", "no such operator");
    }

    @Test
    void opsetBelowTheOldest() throws Exception {
        ModelSketch sketch = new ModelSketch(7);
        sketch.deliver(sketch.apply("Relu", sketch.floats("x", 3)));
        Model model = sketch.model();
        model.setOpset("", 6);
        refused(model, 13, "opset 6", "from opset 7 on");
    }

    @Test
    void noOpsetStated() throws Exception {
        ModelSketch sketch = new ModelSketch(7);
        sketch.deliver(sketch.apply("Relu", sketch.floats("x", 3)));
        Model model = new Model(7, sketch.graph());
        model.setOpset("com.example", 1);
        refused(model, 13, "states no opset");
    }

    @Test
    void boundsOfAnUnknownType() throws Exception {
        ModelSketch sketch = new ModelSketch(10);
        Node custom = new Node("com.example", "Mystery", "mystery");
        custom.addInput(sketch.floats("x", 3));
        sketch.graph().add(custom);
        Value y = custom.addOutput("y");
        sketch.deliver(
                sketch.apply("Clip", node -> node.setAttribute("min", 0f), y),
                sketch.apply(
                        "Pad",
                        node -> {
                            node.setAttribute("pads", new long[] {1, 1});
                            node.setAttribute("value", 1f);
                        },
                        y));
        Model model = sketch.model();
        model.setOpset("com.example", 1);
        refused(model, 11, "Clip", "\"y\"", "Pad", "shape inference");
    }

    @Test
    void trainingNodes() throws Exception {
        ModelSketch sketch = new ModelSketch(9);
        Value x = sketch.floats("x", 2, 3);
        Value p = sketch.ramp("p", 1, 1, 3);
        Node training = sketch.node("BatchNormalization", 5, _ -> {}, x, p, p, p, p);
        Node dropout = sketch.node("Dropout", 2, _ -> {}, training.output(0));
        sketch.deliver(training.output(1), dropout.output(1));
        assertThat(OpsetRaiser.obstacles(sketch.model(), 13)).hasSize(1);
        refused(
                sketch.model(),
                14,
                "BatchNormalization",
                "5 outputs",
                "inference",
                "Dropout",
                "mask");
    }

    @Test
    void scanWithABatchAxis() throws Exception {
        ModelSketch sketch = new ModelSketch(8);
        sketch.deliver(sketch.apply("Scan", sketch.floats("x", 2, 3)));
        refused(sketch.model(), 13, "Scan", "batch axis", "export");
    }

    @Test
    void coordinatesThatAreGone() throws Exception {
        ModelSketch sketch = new ModelSketch(11);
        Value scales = sketch.ramp("scales", 1, 1, 2);
        Value roi = sketch.constant("roi", Tensor.ofFloats(new long[1]));
        sketch.deliver(
                sketch.apply(
                        "Resize",
                        node -> {
                            node.setAttribute("mode", "linear");
                            node.setAttribute(
                                    "coordinate_transformation_mode", "tf_half_pixel_for_nn");
                        },
                        sketch.floats("x", 2, 3),
                        roi,
                        scales));
        refused(sketch.model(), 13, "Resize", "tf_half_pixel_for_nn", "half_pixel");
    }

    @Test
    void errorFunctionOfIntegers() throws Exception {
        ModelSketch sketch = new ModelSketch(9);
        sketch.deliver(sketch.apply("Erf", sketch.input("x", ElementType.INT32, 3)));
        assertThat(OpsetRaiser.obstacles(sketch.model(), 12)).isEmpty();
        refused(sketch.model(), 13, "Erf", "INT32", "cast");
    }

    @Test
    void castsWhoseInfinityChanged() throws Exception {
        ModelSketch sketch = new ModelSketch(19);
        Value x = sketch.floats("x", 3);
        sketch.deliver(
                sketch.apply(
                        "Cast",
                        node -> node.setAttribute("to", ElementType.FLOAT8E4M3FNUZ.code()),
                        x));
        assertThat(OpsetRaiser.obstacles(sketch.model(), 23)).isEmpty();
        refused(sketch.model(), 24, "Cast", "FLOAT8E4M3FNUZ", "infinity", "23 at most");
    }

    private static void refused(Model model, int target, String... parts) throws Exception {
        byte[] before = OnnxWriter.toBytes(model);
        List<String> obstacles = OpsetRaiser.obstacles(model, target);
        OpsetException exception =
                catchThrowableOfType(OpsetException.class, () -> OpsetRaiser.raise(model, target));
        assertThat(exception).hasMessageContainingAll(parts);
        assertThat(exception.obstacles()).isEqualTo(obstacles).isNotEmpty();
        assertThat(OnnxWriter.toBytes(model)).isEqualTo(before);
    }
}
