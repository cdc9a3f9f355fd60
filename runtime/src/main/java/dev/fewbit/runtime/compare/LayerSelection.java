package dev.fewbit.runtime.compare;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Chooses the values at which the two models are compared inside.
 *
 * <p>A value counts when both graphs compute it under the same name from their inputs, and its
 * operator computes something: what only moves data has the error of what it moves. What the
 * quantized graph keeps in codes on its way to a Relu or Clip does not count: the codes may end
 * where the Relu or Clip does. Should these be more than {@value #MOST}, only the outputs of nodes
 * that hold weights and values that several nodes read (where blocks join) are kept, and if that is
 * still too much, every n-th.
 */
final class LayerSelection {

    /** Most values that are compared. */
    static final int MOST = 400;

    private static final Set<String> MOVERS =
            Set.of(
                    "Identity",
                    "Reshape",
                    "Transpose",
                    "Flatten",
                    "Squeeze",
                    "Unsqueeze",
                    "Cast",
                    "Dropout",
                    "Expand",
                    "Shape",
                    "Size",
                    "Range",
                    "Tile",
                    "Slice",
                    "Split",
                    "Concat",
                    "QuantizeLinear",
                    "DequantizeLinear",
                    "DynamicQuantizeLinear");

    private static final Set<String> LIMITERS = Set.of("Relu", "Clip");

    private LayerSelection() {}

    /**
     * Chooses values.
     *
     * @param original graph of the float model
     * @param quantized graph of the quantized model
     * @return values in the order in which the float model computes them
     */
    static List<LayerValue> choose(Graph original, Graph quantized) {
        Set<Node> live = fedByInputs(original);
        Set<String> common = new HashSet<>();
        Set<String> codes = new HashSet<>();
        for (Node node : fedByInputs(quantized)) {
            for (Value value : node.outputs()) {
                if (value != null) {
                    (node.is("DequantizeLinear") ? codes : common).add(value.name());
                }
            }
        }
        List<Value> values = new ArrayList<>();
        for (Node node : original.nodes()) {
            if (!live.contains(node) || MOVERS.contains(node.opType())) {
                continue;
            }
            for (Value value : node.outputs()) {
                if (value != null
                        && mayBeFloat(value)
                        && (common.contains(value.name())
                                || (codes.contains(value.name()) && !isLimited(value)))) {
                    values.add(value);
                }
            }
        }
        return thinned(values).stream().map(LayerSelection::layer).toList();
    }

    private static boolean isLimited(Value value) {
        return !value.isGraphOutput()
                && value.consumers().stream().allMatch(node -> LIMITERS.contains(node.opType()));
    }

    private static List<Value> thinned(List<Value> values) {
        List<Value> kept = values;
        if (kept.size() > MOST) {
            kept =
                    values.stream()
                            .filter(value -> value.consumers().size() > 1 || holdsWeights(value))
                            .toList();
        }
        if (kept.size() > MOST) {
            List<Value> some = new ArrayList<>();
            for (int i = 0; i < MOST; i++) {
                some.add(kept.get((int) ((long) i * kept.size() / MOST)));
            }
            return some;
        }
        return kept;
    }

    private static LayerValue layer(Value value) {
        Node node = value.producer();
        return node == null
                ? new LayerValue(value.name(), "", "")
                : new LayerValue(value.name(), node.name(), node.opType());
    }

    /** The nodes whose outputs depend on the graph's inputs: the others are constants. */
    private static Set<Node> fedByInputs(Graph graph) {
        Set<Value> reached = new HashSet<>(graph.inputs());
        reached.removeAll(graph.initializers().keySet());
        Set<Node> live = new HashSet<>();
        for (Node node : graph.nodes()) {
            boolean fed = !node.subgraphs().isEmpty();
            for (Value input : node.inputs()) {
                fed |= input != null && reached.contains(input);
            }
            if (fed) {
                live.add(node);
                for (Value output : node.outputs()) {
                    if (output != null) {
                        reached.add(output);
                    }
                }
            }
        }
        return live;
    }

    /** Whether the value is of a floating-point type, as far as the file says. */
    private static boolean mayBeFloat(Value value) {
        ElementType type = value.elementType();
        return type == null
                || type == ElementType.FLOAT
                || type == ElementType.FLOAT16
                || type == ElementType.BFLOAT16
                || type == ElementType.DOUBLE;
    }

    private static boolean holdsWeights(Value value) {
        Node node = value.producer();
        if (node == null) {
            return false;
        }
        for (Value input : node.inputs()) {
            if (input == null) {
                continue;
            }
            Tensor tensor = input.initializer();
            Node source = input.producer();
            if ((tensor != null && tensor.rank() > 1)
                    || (source != null && source.opType().equals("Constant"))) {
                return true;
            }
        }
        return false;
    }
}
