package dev.fewbit.onnx.constant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import org.junit.jupiter.api.Test;

class ConstantsTest {
    private final Graph graph = new Graph("g");
    private final Tensor tensor = Tensor.ofFloats(new long[] {1}, 7);

    @Test
    void initializersAreConstant() {
        Value weight = graph.addInitializer("w", tensor);

        assertThat(constants(10).resolve(weight)).containsSame(tensor);
    }

    @Test
    void overridableDefaultsAreNotConstant() {
        Value weight = new Value("w");
        graph.addInput(weight);
        graph.setInitializer(weight, tensor);

        assertThat(constants(3).resolve(weight)).containsSame(tensor);
        assertThat(constants(4).resolve(weight)).isEmpty();
    }

    @Test
    void inputsAndComputedValuesAreNotConstant() {
        Value x = new Value("x");
        graph.addInput(x);
        Node relu = new Node("Relu", "r", x);
        graph.add(relu);

        assertThat(constants(10).resolve(x)).isEmpty();
        assertThat(constants(10).resolve(relu.addOutput("y"))).isEmpty();
    }

    @Test
    void constantNodesOfEveryKind() throws Exception {
        Constants constants = constants(10);
        Node node = new Node("Constant", "c");
        node.setAttribute("value", tensor);
        assertThat(constants.resolve(output(node))).containsSame(tensor);

        Node number = new Node("Constant", "c");
        number.setAttribute("value_float", 2.5f);
        assertThat(constants.resolve(output(number)).orElseThrow().floats()).containsExactly(2.5f);
        assertThat(constants.resolve(number.onlyOutput()).orElseThrow().rank()).isZero();

        Node numbers = new Node("Constant", "c");
        numbers.setAttribute("value_floats", new float[] {1, 2});
        assertThat(constants.resolve(output(numbers)).orElseThrow().floats()).containsExactly(1, 2);

        Node integer = new Node("Constant", "c");
        integer.setAttribute("value_int", 3);
        assertThat(constants.resolve(output(integer)).orElseThrow().longs()).containsExactly(3);

        Node integers = new Node("Constant", "c");
        integers.setAttribute("value_ints", new long[] {4, 5});
        assertThat(constants.resolve(output(integers)).orElseThrow().shape()).containsExactly(2);

        Node text = new Node("Constant", "c");
        text.setAttribute("value_string", "text");
        assertThat(constants.resolve(output(text))).isEmpty();
    }

    @Test
    void identityChainsAreFollowed() {
        Value weight = graph.addInitializer("w", tensor);
        Node first = new Node("Identity", "a", weight);
        Node second = new Node("Identity", "b", output(first));
        Value end = output(second);

        assertThat(constants(10).resolve(end)).containsSame(tensor);
        assertThat(Constants.origin(end)).isSameAs(weight);
    }

    private Constants constants(long irVersion) {
        return new Constants(new Model(irVersion, graph));
    }

    private Value output(Node node) {
        graph.add(node);
        return node.addOutput(graph.freshName("out"));
    }
}
