package dev.fewbit.runtime.prepare;

import static dev.fewbit.core.plan.Preparation.FOLD_CONSTANTS;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

class SimplificationTest {

    private static Model prepared(Model model) {
        return Sketch.prepared(model, FOLD_CONSTANTS);
    }

    @Test
    void outputsKeepTheirNamesWhenTheNodeThatMadeThemGoes() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 4);
        Value a = sketch.node("Relu", "a", x);
        Value y = sketch.node("Identity", "y", a);
        Value z = sketch.node("Dropout", "z", sketch.node("Exp", "e", a));
        sketch.output(y, z, sketch.node("Identity", "same", x));
        Model after = prepared(sketch.model());
        assertThat(Sketch.operators(after)).containsExactly("Relu", "Exp", "Identity");
        assertThat(after.graph().outputs())
                .extracting(Value::name)
                .containsExactly("y", "z", "same");
        Equivalence.assertIdentical(sketch.model(), after);
    }

    @Test
    void nodesThatChangeNothingGo() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 3, 4);
        Value pads = sketch.longs("pads", 0, 0, 0, 0, 0, 0);
        Value a = sketch.node("Pad", "a", x, pads);
        Value zero = sketch.longs("zero", 0);
        Value end = sketch.longs("end", Long.MAX_VALUE / 8);
        Value four = sketch.longs("four", 4);
        Value b = sketch.node("Slice", "b", a, zero, end, sketch.longs("first", 0));
        Value c = sketch.node("Slice", "c", b, zero, four, sketch.longs("last", -1));
        Value d =
                sketch.node("Transpose", "d", n -> n.setAttribute("perm", new long[] {0, 1, 2}), c);
        Value e = sketch.node("Reshape", "e", d, sketch.longs("shape", 0, -1, 4));
        Value f = sketch.node("Cast", "f", n -> n.setAttribute("to", 1L), e);
        Value g = sketch.node("Tile", "g", f, sketch.longs("ones", 1, 1, 1));
        Value h = sketch.node("Concat", "h", n -> n.setAttribute("axis", 0L), g);
        Value i =
                sketch.node(
                        "Slice",
                        "i",
                        h,
                        zero,
                        sketch.longs("three", 3),
                        sketch.longs("end_axis", 2));
        sketch.output(sketch.node("Relu", "y", i));
        Model after = prepared(sketch.model());
        assertThat(Sketch.operators(after)).containsExactly("Slice", "Relu");
        Equivalence.assertIdentical(sketch.model(), after);
    }

    @Test
    void dropoutThatTrainsOrWhoseMaskIsReadStays() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 4);
        Value ratio = sketch.floats("ratio", new long[0], 0);
        byte[] yes = {1};
        Value training =
                sketch.graph()
                        .addInitializer(
                                "training", Tensor.ofBytes(ElementType.BOOL, new long[0], yes));
        Value a = sketch.node("Dropout", "a", x, ratio, training);
        Value b = sketch.node("Dropout", "b", a);
        Value mask = b.producer().addOutput("mask");
        sketch.output(sketch.node("Where", "y", mask, b, x));
        assertThat(Sketch.operators(prepared(sketch.model())))
                .containsExactly("Dropout", "Dropout", "Where");
    }

    @Test
    void thePaddingThatExportersComputeEndsInTheConvolution() {
        // What torch writes for F.pad(x, (0, 1, 0, 1)) before a convolution.
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 2, 6, 6);
        Value amounts = sketch.constant("amounts", Tensor.ofLongs(new long[] {4}, 0, 1, 0, 1));
        Value rest = sketch.constant("rest", Tensor.ofLongs(new long[] {1}, 4));
        Value zeros =
                sketch.node(
                        "ConstantOfShape",
                        "zeros",
                        n -> n.setAttribute("value", Tensor.ofLongs(new long[] {1}, 0)),
                        rest);
        Value all = sketch.node("Concat", "all", n -> n.setAttribute("axis", 0L), amounts, zeros);
        Value pairs =
                sketch.node(
                        "Reshape",
                        "pairs",
                        all,
                        sketch.constant("two", Tensor.ofLongs(new long[] {2}, -1, 2)));
        Value start = sketch.constant("start", Tensor.ofLongs(new long[] {1}, -1));
        Value stop = sketch.constant("stop", Tensor.ofLongs(new long[] {1}, Long.MIN_VALUE + 1));
        Value axis = sketch.constant("axis", Tensor.ofLongs(new long[] {1}, 0));
        Value turned = sketch.node("Slice", "turned", pairs, start, stop, axis, start);
        Value across =
                sketch.node(
                        "Transpose",
                        "across",
                        n -> n.setAttribute("perm", new long[] {1, 0}),
                        turned);
        Value flat =
                sketch.node(
                        "Reshape",
                        "flat",
                        across,
                        sketch.constant("one", Tensor.ofLongs(new long[] {1}, -1)));
        Value pads = sketch.node("Cast", "pads", n -> n.setAttribute("to", 7L), flat);
        Value padded = sketch.node("Pad", "padded", x, pads);
        Value w = sketch.weights("w", 3, 2, 3, 3);
        sketch.output(
                sketch.node(
                        "Conv", "y", n -> n.setAttribute("strides", new long[] {2, 2}), padded, w));
        Model after = prepared(sketch.model());
        assertThat(Sketch.operators(after)).containsExactly("Conv");
        assertThat(after.graph().nodes().getFirst().intsAttribute("pads"))
                .containsExactly(0, 0, 1, 1);
        Equivalence.assertSame(sketch.model(), after);
    }

    @Test
    void onlyZerosAroundImagesBecomePadding() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 2, 6, 6);
        Value pads = sketch.longs("pads", 0, 0, 1, 0, 0, 0, 0, 1);
        Value zeros = sketch.node("Pad", "zeros", x, pads);
        Value w = sketch.weights("w", 3, 2, 3, 3);
        Value a =
                sketch.node(
                        "Conv",
                        "a",
                        n -> n.setAttribute("pads", new long[] {0, 1, 2, 1}),
                        zeros,
                        w);
        Value ones = sketch.node("Pad", "ones", x, pads, sketch.floats("one", new long[0], 1));
        Value b = sketch.node("Conv", "b", ones, w);
        Value edge = sketch.node("Pad", "edge", n -> n.setAttribute("mode", "edge"), x, pads);
        Value c = sketch.node("Conv", "c", edge, w);
        Value channels =
                sketch.node("Pad", "channels", x, sketch.longs("more", 0, 1, 0, 0, 0, 0, 0, 0));
        Value d = sketch.node("Conv", "d", channels, sketch.weights("v", 3, 3, 1, 1));
        Value pooled = sketch.node("Pad", "pooled", x, pads);
        Value e =
                sketch.node(
                        "AveragePool",
                        "e",
                        n -> n.setAttribute("kernel_shape", new long[] {2, 2}),
                        pooled);
        Value most = sketch.node("Pad", "most", x, pads);
        Value f =
                sketch.node(
                        "MaxPool",
                        "f",
                        n -> n.setAttribute("kernel_shape", new long[] {2, 2}),
                        most);
        Value same = sketch.node("Pad", "same", x, pads);
        Value g = sketch.node("Conv", "g", n -> n.setAttribute("auto_pad", "SAME_UPPER"), same, w);
        sketch.output(a, b, c, d, e, f, g);
        Model after = prepared(sketch.model());
        assertThat(Sketch.operators(after))
                .containsExactly(
                        "Conv",
                        "Pad",
                        "Conv",
                        "Pad",
                        "Conv",
                        "Pad",
                        "Conv",
                        "AveragePool",
                        "Pad",
                        "MaxPool",
                        "Pad",
                        "Conv");
        assertThat(after.graph().nodes().getFirst().intsAttribute("pads"))
                .containsExactly(1, 1, 2, 2);
        Equivalence.assertSame(sketch.model(), after);
    }

    @Test
    void targetsComputedFromShapesBecomeConstant() throws IOException {
        // Attention heads: [N, T, 12] -> [N, T, 3, 4], and back with what is left over.
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", "T", 12);
        Value h = sketch.node("MatMul", "h", x, sketch.weights("w", 12, 12));
        Value shape = sketch.node("Shape", "shape", h);
        Value zero = sketch.graph().addInitializer("zero", Tensor.ofLongs(new long[0], 0));
        Value one = sketch.graph().addInitializer("one", Tensor.ofLongs(new long[0], 1));
        Value axes = sketch.longs("axes", 0);
        Value n = sketch.node("Unsqueeze", "n", sketch.node("Gather", "n0", shape, zero), axes);
        Value t = sketch.node("Unsqueeze", "t", sketch.node("Gather", "t0", shape, one), axes);
        Value heads = sketch.longs("heads", 3);
        Value size = sketch.longs("size", 4);
        Value split =
                sketch.node("Concat", "split", c -> c.setAttribute("axis", 0L), n, t, heads, size);
        Value apart = sketch.node("Reshape", "apart", h, split);
        Value turned =
                sketch.node(
                        "Transpose",
                        "turned",
                        c -> c.setAttribute("perm", new long[] {0, 2, 1, 3}),
                        apart);
        Value rows = sketch.node("Mul", "rows", n, sketch.node("Mul", "nt", t, heads));
        Value join = sketch.node("Concat", "join", c -> c.setAttribute("axis", 0L), rows, size);
        sketch.output(sketch.node("Reshape", "y", turned, join));
        Model after = prepared(sketch.model());
        assertThat(Sketch.operators(after))
                .containsExactly("MatMul", "Reshape", "Transpose", "Reshape");
        List<Node> nodes = after.graph().nodes();
        assertThat(nodes.get(1).input(1).initializer().longs()).containsExactly(0, 0, 3, 4);
        assertThat(nodes.get(3).input(1).initializer().longs()).containsExactly(-1, 4);
        Equivalence.assertIdentical(sketch.model(), after);
    }

    @Test
    void shapesThatAreKnownBecomeConstant() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 3, 8, 8);
        Value w = sketch.weights("w", 5, 3, 3, 3);
        Value c = sketch.node("Conv", "c", n -> n.setAttribute("strides", new long[] {2, 2}), x, w);
        Value shape = sketch.node("Shape", "shape", c);
        Value index = sketch.longs("index", 1, 3);
        Value known = sketch.node("Gather", "known", shape, index);
        Value asFloat = sketch.node("Cast", "float", n -> n.setAttribute("to", 1L), known);
        Value least = sketch.node("ReduceSum", "sum", n -> n.setAttribute("keepdims", 0L), asFloat);
        Value batch = sketch.node("Cast", "batch", n -> n.setAttribute("to", 1L), shape);
        sketch.output(sketch.node("Mul", "y", c, least), sketch.node("Exp", "z", batch));
        Model after = prepared(sketch.model());
        assertThat(Sketch.operators(after)).containsExactly("Conv", "Shape", "Cast", "Mul", "Exp");
        Equivalence.assertIdentical(sketch.model(), after);
    }
}
