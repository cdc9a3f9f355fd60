package dev.fewbit.onnx.encode;

import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.integer.IntegerSupport.Limits;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * Nodes that do to codes what others do to numbers, for which ONNX Runtime has no integer kernel
 * but ONNX has an operator on integers. Exact, because rounding to levels keeps the order of
 * numbers.
 *
 * <p>Bounds are codes of the plan's format, so codes of fewer bits than 8 need no other Clip.
 *
 * <pre>
 * before: v = Relu(Conv(...))        when zero is not the smallest code: not removed by the runtime
 * after:  v = DequantizeLinear(Clip(QuantizeLinear(Conv(...)), code of 0))
 *
 * before: v = Relu(x)                x and v of the same parameters
 * after:  v = DequantizeLinear(Clip(codes of x, code of 0))
 *
 * before: v = Pad(x, pads, c)
 * after:  v = DequantizeLinear(Pad(codes of x, pads, code of c))
 * </pre>
 */
final class CodeNodes {
    private final IntegerGraph graph;
    private final QuantizedValues quantized;

    CodeNodes(IntegerGraph graph, QuantizedValues quantized) {
        this.graph = graph;
        this.quantized = quantized;
    }

    /**
     * Puts a node on codes in the place of one on numbers, if that is the better way. Whatever made
     * its input has been quantized before.
     *
     * @param value the node's output
     * @return whether it has been done
     */
    boolean replace(Node node, Value value, ActivationPlan plan) {
        if (plan.format().bits() > Byte.SIZE) {
            return false;
        }
        if (graph.nodes().get(node) instanceof Limits limits) {
            return limit(node, limits, value, plan);
        }
        return node.is("Pad") && pad(node, value, plan);
    }

    private boolean limit(Node node, Limits limits, Value value, ActivationPlan plan) {
        Value input = Objects.requireNonNull(node.input(0));
        Graph home = Objects.requireNonNull(node.graph());
        Value codes = sameCodes(input, plan);
        if (codes == null) {
            boolean raw = graph.isInteger(input.producer());
            if (!raw || NarrowCodes.lieWithin(limits, plan)) {
                // The runtime leaves the node out by itself, or its input has other levels.
                return false;
            }
            Node quantize = quantized.quantize(home, input, plan);
            home.insertBefore(node, quantize);
            codes = quantize.onlyOutput();
        }
        Node clip =
                new Node(
                        "Clip",
                        node.name(),
                        codes,
                        quantized.code(plan, limits.low()),
                        quantized.code(plan, limits.high()));
        finish(node, clip, value, plan);
        return true;
    }

    private boolean pad(Node node, Value value, ActivationPlan plan) {
        Value codes = sameCodes(Objects.requireNonNull(node.input(0)), plan);
        if (codes == null) {
            return false;
        }
        Node pad = new Node("Pad", node.name(), codes, node.input(1));
        pad.addInput(quantized.code(plan, filling(node)));
        for (int index = 3; index < node.inputs().size(); index++) {
            pad.addInput(node.input(index));
        }
        node.attributes().forEach(pad::setAttribute);
        finish(node, pad, value, plan);
        return true;
    }

    private float filling(Node pad) {
        Value filling = pad.input(2);
        Tensor tensor = filling == null ? null : graph.constants().resolve(filling).orElse(null);
        try {
            return tensor == null ? 0 : tensor.floats()[0];
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The codes of a value with the same parameters; null if there are none. */
    private @Nullable Value sameCodes(Value value, ActivationPlan plan) {
        ActivationPlan own = quantized.planOf(value);
        return own == null || !IntegerCheck.sameCodes(own, plan)
                ? null
                : QuantizedValues.codesOf(value);
    }

    private void finish(Node old, Node onCodes, Value value, ActivationPlan plan) {
        Graph home = Objects.requireNonNull(old.graph());
        Value input = Objects.requireNonNull(old.input(0));
        Value codes = onCodes.addOutput(home.freshName(value.name() + "/codes"));
        home.insertBefore(old, onCodes);
        home.insertBefore(old, quantized.dequantizeAs(old.releaseOutput(0), home, codes, plan));
        home.remove(old);
        Node dequantize = input.producer();
        if (!input.isUsed() && dequantize != null && quantized.planOf(input) != null) {
            home.remove(dequantize);
        }
    }
}
