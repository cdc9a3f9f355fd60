package dev.fewbit.runtime.constant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.prepare.ConstantEvaluationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.util.Map;

class RuntimeConstantsTest {

    private final Graph graph = new Graph("constants");

    private Map<String, Tensor> evaluate() {
        Model model = new Model(8, graph);
        model.setOpset("", 17);
        return new RuntimeConstants().evaluate(model);
    }

    private Value add(String operator, String output, Value... inputs) {
        Node node = new Node(operator, operator + "_of_" + output, inputs);
        graph.add(node);
        Value value = node.addOutput(output);
        graph.addOutput(value);
        return value;
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "FLOAT",
                "DOUBLE",
                "FLOAT16",
                "BFLOAT16",
                "INT8",
                "UINT8",
                "INT16",
                "UINT16",
                "INT32",
                "UINT32",
                "INT64",
                "UINT64",
                "BOOL"
            })
    void everyNumberTypeKeepsItsBits(ElementType type) throws IOException {
        byte[] raw = new byte[2 * 3 * type.bits() / 8];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) (type == ElementType.BOOL ? i % 2 : 17 * i + 3);
        }
        Value x = graph.addInitializer("x", Tensor.ofBytes(type, new long[] {2, 3}, raw.clone()));
        add("Identity", "y", x);
        Tensor y = evaluate().get("y");
        assertThat(y.elementType()).isEqualTo(type);
        assertThat(y.shape()).containsExactly(2, 3);
        assertThat(y.bytes()).isEqualTo(raw);
    }

    @Test
    void scalarsAndEmptyTensorsComeThrough() throws IOException {
        Value scalar = graph.addInitializer("scalar", Tensor.ofLongs(new long[0], 42));
        Value empty = graph.addInitializer("empty", Tensor.ofFloats(new long[] {0, 3}));
        add("Identity", "a", scalar);
        add("Identity", "b", empty);
        Map<String, Tensor> results = evaluate();
        assertThat(results.get("a").rank()).isZero();
        assertThat(results.get("a").longs()).containsExactly(42);
        assertThat(results.get("b").shape()).containsExactly(0, 3);
    }

    @Test
    void largeConstantsGoThroughAFile() throws IOException {
        int size = 17 << 20;
        float[] values = new float[size];
        values[size - 1] = 7;
        Value large = graph.addInitializer("large", Tensor.ofFloats(new long[] {size}, values));
        Node node = new Node("ReduceMax", "max", large);
        node.setAttribute("keepdims", 0L);
        graph.add(node);
        graph.addOutput(node.addOutput("max"));
        assertThat(evaluate().get("max").floats()).containsExactly(7);
    }

    @Test
    void whatTheRuntimeRefusesIsSaidInItsWords() {
        Value two = graph.addInitializer("two", Tensor.ofLongs(new long[] {2}, 1, 2));
        Value three = graph.addInitializer("three", Tensor.ofLongs(new long[] {3}, 1, 2, 3));
        add("Add", "sum", two, three);
        assertThatThrownBy(this::evaluate)
                .isInstanceOf(ConstantEvaluationException.class)
                .hasMessageContaining("failed");
    }

    @Test
    void typesThatCannotBeReadAreMissing() {
        Value text = graph.addInitializer("number", Tensor.ofFloats(new long[] {1}, 1));
        Node cast = new Node("Cast", "cast", text);
        cast.setAttribute("to", ElementType.STRING.code());
        graph.add(cast);
        graph.addOutput(cast.addOutput("text"));
        assertThat(evaluate()).isEmpty();
    }
}
