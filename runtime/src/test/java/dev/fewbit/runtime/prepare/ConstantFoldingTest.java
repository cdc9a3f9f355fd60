package dev.fewbit.runtime.prepare;

import static dev.fewbit.core.plan.Preparation.FOLD_CONSTANTS;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.onnx.graph.AttributeValue.GraphValue;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.prepare.PreparationNote;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

class ConstantFoldingTest {

    private static Model prepared(Model model) {
        return Sketch.prepared(model, FOLD_CONSTANTS);
    }

    @Test
    void constantNodesOfEveryNumericFormBecomeInitializers() throws IOException {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 2);
        Value tensor = sketch.constant("tensor", Tensor.ofFloats(new long[] {2}, 3, 4));
        Value number = sketch.node("Constant", "number", n -> n.setAttribute("value_float", 5f));
        Value numbers =
                sketch.node(
                        "Constant",
                        "numbers",
                        n -> n.setAttribute("value_floats", new float[] {6, 7}));
        Value integer = sketch.node("Constant", "integer", n -> n.setAttribute("value_int", 1L));
        Value integers =
                sketch.node(
                        "Constant", "integers", n -> n.setAttribute("value_ints", new long[] {0}));
        Value a = sketch.node("Add", "a", x, tensor);
        Value b = sketch.node("Mul", "b", a, number);
        Value c = sketch.node("Add", "c", b, numbers);
        Value d = sketch.node("Gather", "d", n -> n.setAttribute("axis", 1L), c, integer);
        sketch.output(sketch.node("Unsqueeze", "y", d, integers));
        Model after = prepared(sketch.model());
        assertThat(Sketch.operators(after))
                .containsExactly("Add", "Mul", "Add", "Gather", "Unsqueeze");
        assertThat(Sketch.initializer(after, "numbers").initializer().floats())
                .containsExactly(6, 7);
        Equivalence.assertIdentical(sketch.model(), after);
    }

    @Test
    void stringsAndConstantOutputsStayAsTheyAre() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N");
        Value constant = sketch.constant("c", Tensor.ofFloats(new long[] {1}, 3));
        sketch.output(sketch.node("Relu", "y", x), constant);
        Model after = prepared(sketch.model());
        assertThat(Sketch.operators(after)).containsExactlyInAnyOrder("Constant", "Relu");
        Equivalence.assertIdentical(sketch.model(), after);
    }

    @Test
    void giantResultsAreNotStored() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 1024, 512);
        Value size = sketch.longs("size", 1024, 512);
        Value one = sketch.node("ConstantOfShape", "ones", size);
        Value a = sketch.node("Add", "a", x, sketch.node("Cos", "cos", one));
        Value table = sketch.weights("table", 1, 512);
        Value wide = sketch.node("Expand", "wide", sketch.node("Sin", "sin", table), size);
        Value small = sketch.node("ReduceMax", "max", sketch.node("Sqrt", "root", one));
        sketch.output(sketch.node("Add", "y", sketch.node("Mul", "m", a, wide), small));
        Model after = Sketch.copy(sketch.model());
        List<PreparationNote> notes = Sketch.prepare(after, FOLD_CONSTANTS);
        assertThat(Sketch.operators(after))
                .containsExactly("ConstantOfShape", "Cos", "Add", "Expand", "Mul", "Add");
        assertThat(notes)
                .filteredOn(note -> !note.done())
                .extracting(PreparationNote::node)
                .contains("Expand_of_wide");
        Equivalence.assertIdentical(sketch.model(), after);
    }

    @Test
    void weightsThatOthersReadAsTheyAreAreNotStoredTwice() {
        Sketch sketch = new Sketch();
        Value ids = sketch.input("ids", ElementType.INT64, "N");
        Value table = sketch.weights("table", 1100, 256);
        Value rows = sketch.node("Gather", "rows", table, ids);
        Value turned =
                sketch.node(
                        "Transpose",
                        "turned",
                        n -> n.setAttribute("perm", new long[] {1, 0}),
                        table);
        Value own = sketch.weights("own", 1100, 256);
        Value ownTurned =
                sketch.node(
                        "Transpose",
                        "own_turned",
                        n -> n.setAttribute("perm", new long[] {1, 0}),
                        own);
        sketch.output(
                sketch.node("MatMul", "y", rows, turned),
                sketch.node("MatMul", "z", rows, ownTurned));
        Model after = prepared(sketch.model());
        assertThat(Sketch.operators(after))
                .containsExactly("Gather", "Transpose", "MatMul", "MatMul");
    }

    @Test
    void randomNumbersQuantizedWeightsAndControlFlowAreLeftAlone() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 4);
        Value c = sketch.weights("c", 4);
        Value noise = sketch.node("RandomNormalLike", "noise", c);
        Value codes =
                sketch.graph()
                        .addInitializer(
                                "codes",
                                Tensor.ofBytes(
                                        ElementType.INT8, new long[] {4}, new byte[] {1, 2, 3, 4}));
        Value scale = sketch.floats("scale", new long[0], 0.5f);
        Value dequantized = sketch.node("DequantizeLinear", "dequantized", codes, scale);
        Graph branch = new Graph("branch");
        Node square = new Node("Mul", "square", c, c);
        branch.add(square);
        branch.addOutput(square.addOutput("squared"));
        Graph other = new Graph("other");
        Node exponent = new Node("Exp", "exponent", c);
        other.add(exponent);
        other.addOutput(exponent.addOutput("exponential"));
        Value yes =
                sketch.graph()
                        .addInitializer(
                                "yes",
                                Tensor.ofBytes(ElementType.BOOL, new long[0], new byte[] {1}));
        Value chosen =
                sketch.node(
                        "If",
                        "chosen",
                        n -> {
                            n.setAttribute("then_branch", new GraphValue(branch));
                            n.setAttribute("else_branch", new GraphValue(other));
                        },
                        yes);
        Value a = sketch.node("Add", "a", x, dequantized);
        Value b = sketch.node("Add", "b", a, chosen);
        sketch.output(b, sketch.node("Shape", "z", noise));
        Model after = prepared(sketch.model());
        assertThat(Sketch.operators(after)).contains("RandomNormalLike", "DequantizeLinear", "If");
        Equivalence.assertIdentical(sketch.model(), after);
    }

    @Test
    void whatCannotBeComputedIsLeftAndTheRestIsComputed() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 4);
        Value c = sketch.weights("c", 4);
        // Out of range: fails when it runs, which it does not, because nothing reads it.
        Value far = sketch.node("Gather", "far", c, sketch.longs("index", 9));
        Value text = sketch.node("Cast", "text", n -> n.setAttribute("to", 8L), c);
        Value number = sketch.node("Cast", "number", n -> n.setAttribute("to", 1L), text);
        Value root = sketch.node("Exp", "root", c);
        sketch.output(
                sketch.node("Add", "y", x, root),
                sketch.node("Mul", "z", x, number),
                sketch.node("Mul", "w", x, far));
        Model after = Sketch.copy(sketch.model());
        List<PreparationNote> notes = Sketch.prepare(after, FOLD_CONSTANTS);
        assertThat(Sketch.operators(after)).containsExactly("Gather", "Add", "Mul", "Mul");
        assertThat(notes)
                .filteredOn(note -> !note.done())
                .singleElement()
                .satisfies(note -> assertThat(note.node()).isEqualTo("Gather_of_far"));
    }

    @Test
    void subgraphsGetTheirConstantsToo() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 2);
        Value flag =
                sketch.node(
                        "Less",
                        "flag",
                        sketch.node("ReduceSum", "s", n -> n.setAttribute("keepdims", 0L), x),
                        sketch.floats("zero", new long[0], 0));
        Value two =
                sketch.node("Exp", "two", sketch.constant("c", Tensor.ofFloats(new long[] {1}, 2)));
        Value result =
                sketch.node(
                        "If",
                        "result",
                        n -> {
                            n.setAttribute("then_branch", branch("then", x, two, true));
                            n.setAttribute("else_branch", branch("else", x, two, false));
                        },
                        flag);
        sketch.output(sketch.node("Relu", "y", result));
        Model after = prepared(sketch.model());
        assertThat(after.graph().allNodes())
                .extracting(Node::opType)
                .doesNotContain("Constant", "Exp");
        Equivalence.assertIdentical(sketch.model(), after);
    }

    private static GraphValue branch(String name, Value x, Value outer, boolean identity) {
        Graph graph = new Graph(name);
        Node constant = new Node("Constant", name + "_constant", new Value[0]);
        constant.setAttribute("value", Tensor.ofFloats(new long[] {1}, 3));
        graph.add(constant);
        Node sum = new Node("Add", name + "_sum", x, constant.addOutput(name + "_c"));
        graph.add(sum);
        Node product = new Node("Mul", name + "_product", sum.addOutput(name + "_s"), outer);
        graph.add(product);
        Value output = product.addOutput(name + "_p");
        if (identity) {
            Node same = new Node("Identity", name + "_same", output);
            graph.add(same);
            output = same.addOutput(name + "_i");
        }
        graph.addOutput(output);
        return new GraphValue(graph);
    }

    @Test
    void initializersThatCallersMayOverrideAreNotConstant() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 2);
        Value free = sketch.input("free", 2);
        sketch.graph().setInitializer(free, Tensor.ofFloats(new long[] {2}, 1, 2));
        sketch.output(sketch.node("Add", "y", x, sketch.node("Exp", "e", free)));
        assertThat(Sketch.operators(prepared(sketch.model()))).containsExactly("Exp", "Add");
    }

    @Test
    void oldModelsThatListInitializersAsInputsAreFolded() {
        Sketch sketch = new Sketch(9);
        Value x = sketch.input("x", "N", 2);
        Value listed = sketch.input("listed", 2);
        sketch.graph().setInitializer(listed, Tensor.ofFloats(new long[] {2}, 1, 2));
        Value e =
                sketch.node(
                        "Exp", "e", sketch.constant("c", Tensor.ofFloats(new long[] {2}, 1, 2)));
        sketch.output(
                sketch.node(
                        "Add",
                        "y",
                        sketch.node("Mul", "m", x, e),
                        sketch.node("Exp", "f", listed)));
        Model before = sketch.model();
        before.setIrVersion(3);
        Model after = prepared(before);
        assertThat(Sketch.operators(after)).containsExactly("Mul", "Add");
        Equivalence.assertIdentical(before, after);
    }

    @Test
    void nodesInAnyOrderArePrepared() {
        Sketch sketch = new Sketch();
        Value x = sketch.input("x", "N", 2);
        Value c = sketch.weights("c", 2);
        Node last = new Node("Add", "last", x);
        sketch.graph().add(last);
        Node middle = new Node("Exp", "middle");
        sketch.graph().add(middle);
        Node first = new Node("Sin", "first", c);
        sketch.graph().add(first);
        middle.addInput(first.addOutput("s"));
        last.addInput(middle.addOutput("e"));
        sketch.output(last.addOutput("y"));
        Model model = sketch.model();
        Sketch.prepare(model, FOLD_CONSTANTS);
        assertThat(Sketch.operators(model)).containsExactly("Add");
    }

    @Test
    void theSameModelGivesTheSameBytes() throws IOException {
        Sketch sketch = new Sketch();
        Value value = sketch.input("x", "N", 8);
        for (int layer = 0; layer < 600; layer++) {
            Value c =
                    sketch.constant(
                            "c" + layer,
                            Tensor.ofFloats(new long[] {8}, 1, 2, 3, 4, 5, 6, 7, layer));
            Value scaled = sketch.node("Sin", "sin" + layer, c);
            value = sketch.node("Add", "sum" + layer, value, scaled);
            value = sketch.node("Identity", "same" + layer, value);
        }
        sketch.output(value);
        Model first = prepared(sketch.model());
        assertThat(first.graph().nodes()).hasSize(600);
        assertThat(OnnxWriter.toBytes(first))
                .isEqualTo(OnnxWriter.toBytes(prepared(sketch.model())));
        Equivalence.assertIdentical(sketch.model(), first);
    }
}
