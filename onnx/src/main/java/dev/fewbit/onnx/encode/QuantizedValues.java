package dev.fewbit.onnx.encode;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Puts QuantizeLinear and DequantizeLinear nodes with the parameters of a plan into a graph. */
final class QuantizedValues {
    private final SharedConstants constants;
    private final Map<Value, ActivationPlan> dequantized = new HashMap<>();

    QuantizedValues(SharedConstants constants) {
        this.constants = constants;
    }

    /** The element type of codes. */
    static ElementType type(Affine format) {
        return switch (format.bits()) {
            case 8 -> format.signed() ? ElementType.INT8 : ElementType.UINT8;
            case 16 -> format.signed() ? ElementType.INT16 : ElementType.UINT16;
            default ->
                    throw new IllegalArgumentException(
                            "activations have 8 or 16 bits, got " + format.bits());
        };
    }

    /** A scalar code of the plan's format. */
    Value code(ActivationPlan plan, int code) {
        return constants.code(type(plan.format()), code);
    }

    /** The code of a number, which saturates. */
    Value code(ActivationPlan plan, float number) {
        return code(
                plan,
                AffineMapping.quantize(
                        number,
                        plan.parameters().scale(),
                        plan.parameters().zeroPoint(),
                        plan.format()));
    }

    /** {@code QuantizeLinear(real)} in a node that is not yet in a graph. */
    Node quantize(Graph graph, Value real, ActivationPlan plan) {
        return node(graph, "QuantizeLinear", real, plan);
    }

    /** {@code DequantizeLinear(codes)} in a node that is not yet in a graph. */
    Node dequantize(Graph graph, Value codes, ActivationPlan plan) {
        Node node = node(graph, "DequantizeLinear", codes, plan);
        dequantized.put(node.onlyOutput(), plan);
        return node;
    }

    /**
     * {@code value = DequantizeLinear(codes)} in a node that is not yet in a graph.
     *
     * @param value what nothing makes any more
     */
    Node dequantizeAs(Value value, Graph graph, Value codes, ActivationPlan plan) {
        Node node = dequantize(graph, codes, plan);
        dequantized.remove(node.releaseOutput(0));
        node.setOutput(0, value);
        dequantized.put(value, plan);
        return node;
    }

    /** The levels that a value has been rounded to; null for other values. */
    @Nullable ActivationPlan planOf(Value value) {
        return dequantized.get(value);
    }

    private Node node(Graph graph, String operator, Value input, ActivationPlan plan) {
        String name = graph.freshName(plan.value() + "/" + operator);
        Node node =
                new Node(
                        operator,
                        name,
                        input,
                        constants.number(plan.parameters().scale()),
                        code(plan, plan.parameters().zeroPoint()));
        node.addOutput(graph.freshName(name + "_output"));
        return node;
    }

    /** The codes of a value that has been rounded to levels. */
    static Value codesOf(Value value) {
        return Objects.requireNonNull(Objects.requireNonNull(value.producer()).input(0));
    }
}
