package dev.fewbit.onnx.encode;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Puts QuantizeLinear and DequantizeLinear nodes with the parameters of a plan into a graph. */
final class QuantizedValues {
    private final SharedConstants constants;
    private final Map<Value, ActivationPlan> dequantized = new HashMap<>();

    QuantizedValues(SharedConstants constants) {
        this.constants = constants;
    }

    /** A scalar code of the plan's format. */
    Value code(ActivationPlan plan, int code) {
        return constants.code(NarrowCodes.type(plan.format()), code);
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

    /**
     * {@code QuantizeLinear(real)} in a node that is not yet in a graph. Of fewer bits than 8 some
     * codes may lie outside; see {@link #clamp}.
     */
    Node quantize(Graph graph, Value real, ActivationPlan plan) {
        return node(graph, "QuantizeLinear", real, plan);
    }

    /**
     * {@code Clip(codes)} to the codes of a format in a node that is not yet in a graph; nothing
     * where QuantizeLinear gives no others.
     */
    Optional<Node> clamp(Graph graph, Value codes, ActivationPlan plan) {
        Affine format = plan.format();
        boolean below = NarrowCodes.fallBelow(format);
        boolean above = NarrowCodes.riseAbove(format);
        if (!below && !above) {
            return Optional.empty();
        }
        String name = graph.freshName(plan.value() + "/Clip");
        Node clip =
                new Node(
                        "Clip",
                        name,
                        codes,
                        below ? code(plan, format.qmin()) : null,
                        above ? code(plan, format.qmax()) : null);
        clip.addOutput(graph.freshName(name + "_output"));
        return Optional.of(clip);
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
