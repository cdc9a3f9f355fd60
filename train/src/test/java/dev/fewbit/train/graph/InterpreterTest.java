package dev.fewbit.train.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.onnx.graph.AttributeValue.GraphValue;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.train.operator.OperatorException;
import dev.fewbit.train.torch.Tensors;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

class InterpreterTest {
    private final Graph graph = new Graph("test");
    private final Model model = new Model(10, graph);
    private final Value x = new Value("x");

    InterpreterTest() {
        model.setOpset("", 21);
        x.setType(ElementType.FLOAT, Shape.of(2));
        graph.addInput(x);
    }

    private Value add(String opType, String output, Value... inputs) {
        Node node = new Node(opType, opType + " of " + output, inputs);
        graph.add(node);
        return node.addOutput(output);
    }

    private Value constant(String name, float... values) {
        return graph.addInitializer(
                name, dev.fewbit.onnx.graph.Tensor.ofFloats(new long[] {values.length}, values));
    }

    private List<float[]> run(float... input) throws IOException {
        try (PointerScope _ = new PointerScope();
                Interpreter interpreter = Interpreter.of(model)) {
            List<Tensor> inputs = List.of(Tensors.ofFloats(input, input.length));
            List<Tensor> first = interpreter.run(inputs, Taps.NONE);
            first.forEach(Tensor::close);
            // Again, because a run must leave everything as it was.
            return interpreter.run(inputs, Taps.NONE).stream().map(Tensors::floats).toList();
        }
    }

    @Test
    void outputsMayBeInputsAndConstants() throws IOException {
        Value constant = constant("c", 5, 6);
        Value sum = add("Add", "sum", x, constant);
        List.of(x, constant, sum, sum).forEach(graph::addOutput);
        assertThat(run(1, 2))
                .containsExactly(
                        new float[] {1, 2},
                        new float[] {5, 6},
                        new float[] {6, 8},
                        new float[] {6, 8});
    }

    @Test
    void constantsMayBeListedAsInputs() throws IOException {
        Value constant = constant("c", 5, 6);
        graph.addInput(constant);
        graph.addOutput(add("Add", "sum", x, constant));
        assertThat(run(1, 2)).containsExactly(new float[] {6, 8});
    }

    @Test
    void valuesMayBeReadByNobody() throws IOException {
        add("Neg", "never", x);
        constant("idle", 7);
        Node split = new Node("Split", "split", x);
        split.setAttribute("num_outputs", 2);
        graph.add(split);
        Value front = split.addOutput("front");
        split.addOutput((Value) null);
        graph.addOutput(front);
        assertThat(run(1, 2)).containsExactly(new float[] {1});
    }

    @Test
    void outputsThatNobodyReadsNeedNotBeMade() throws IOException {
        Node dropout = new Node("Dropout", "dropout", x);
        graph.add(dropout);
        graph.addOutput(dropout.addOutput("same"));
        dropout.addOutput("mask");
        dropout.addOutput("beyond");
        assertThat(run(1, 2)).containsExactly(new float[] {1, 2});
    }

    @Test
    void nodesAreBroughtIntoOrder() throws IOException {
        Value negative = new Value("negative");
        graph.addOutput(add("Abs", "size", negative));
        Node negation = new Node("Neg", "negation", x);
        graph.add(negation);
        negation.addOutput(negative);
        assertThat(run(1, 2)).containsExactly(new float[] {1, 2});
    }

    /** The last node that reads the value is an If, inside of which it is read twice. */
    @Test
    void valuesLastAsLongAsSubgraphsReadThem() throws IOException {
        Value negative = add("Neg", "negative", x);
        Node choice = new Node("If", "choice", truth("condition"));
        for (String branch : new String[] {"then_branch", "else_branch"}) {
            Graph inner = new Graph(branch);
            Node square = new Node("Mul", branch + " square", negative, negative);
            inner.add(square);
            inner.addOutput(square.addOutput(branch + " squared"));
            inner.addOutput(negative);
            choice.setAttribute(branch, new GraphValue(inner));
        }
        graph.add(choice);
        graph.addOutput(choice.addOutput("squared"));
        graph.addOutput(choice.addOutput("delivered"));
        assertThat(run(1, 2)).containsExactly(new float[] {1, 4}, new float[] {-1, -2});
    }

    private Value truth(String name) {
        return graph.addInitializer(
                name,
                dev.fewbit.onnx.graph.Tensor.ofBytes(
                        ElementType.BOOL, new long[0], new byte[] {1}));
    }

    @Test
    void whatIsNotSupportedIsNamed() {
        Node unknown = new Node("com.example", "Magic", "wand");
        unknown.addInput(x);
        graph.add(unknown);
        Value packed =
                graph.addInitializer(
                        "packed",
                        dev.fewbit.onnx.graph.Tensor.ofBytes(
                                ElementType.INT4, new long[] {2}, new byte[1]));
        graph.addOutput(unknown.addOutput("out"));
        graph.addOutput(packed);
        assertThatThrownBy(() -> Interpreter.of(model))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("2 parts")
                .hasMessageContaining("com.example.Magic \"wand\"")
                .hasMessageContaining("constant \"packed\" of type INT4");
    }

    @Test
    void nodesThatCannotBeComputedAreNamed() {
        graph.addOutput(add("Squeeze", "squeezed", x, axes(0)));
        assertThatThrownBy(() -> run(1, 2))
                .isInstanceOf(OperatorException.class)
                .hasMessage(
                        "Squeeze \"Squeeze of squeezed\" cannot remove axis 0 of size 2 from [2]");
    }

    @Test
    void complaintsOfLibtorchAreOneLine() {
        graph.addOutput(add("Add", "sum", x, constant("c", 1, 2, 3)));
        assertThatThrownBy(() -> run(1, 2))
                .isInstanceOf(OperatorException.class)
                .hasMessageStartingWith("Add \"Add of sum\" cannot be computed: ")
                .satisfies(failure -> assertThat(failure.getMessage().lines()).hasSize(1));
    }

    @Test
    void theNumberOfInputsIsChecked() throws IOException {
        graph.addOutput(add("Neg", "negative", x));
        try (Interpreter interpreter = Interpreter.of(model)) {
            assertThatThrownBy(() -> interpreter.run(List.of(), Taps.NONE))
                    .hasMessage("the network has 1 inputs, got 0");
        }
    }

    private Value axes(long... axes) {
        return graph.addInitializer(
                "axes", dev.fewbit.onnx.graph.Tensor.ofLongs(new long[] {axes.length}, axes));
    }
}
