package dev.fewbit.train.network;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which constants of a network are learned: weights, biases, and the factors and offsets of
 * normalizations. Single numbers are not, they belong to the formulas; nor are the statistics of
 * batch normalizations.
 */
final class LearnedConstants {
    /** Operators, and from which input on they read what is learned. */
    private static final Map<String, Integer> FIRST_INPUT =
            Map.ofEntries(
                    Map.entry("Conv", 1),
                    Map.entry("ConvTranspose", 1),
                    Map.entry("Gemm", 0),
                    Map.entry("MatMul", 0),
                    Map.entry("Einsum", 0),
                    Map.entry("Gather", 0),
                    Map.entry("Add", 0),
                    Map.entry("Sub", 0),
                    Map.entry("Mul", 0),
                    Map.entry("PRelu", 1),
                    Map.entry("BatchNormalization", 1),
                    Map.entry("LayerNormalization", 1),
                    Map.entry("RMSNormalization", 1),
                    Map.entry("InstanceNormalization", 1),
                    Map.entry("GroupNormalization", 1),
                    Map.entry("LSTM", 1),
                    Map.entry("GRU", 1),
                    Map.entry("RNN", 1));

    private LearnedConstants() {}

    /** Those of a model and its subgraphs. */
    static Set<Value> of(Model model, Set<Value> weights) {
        Set<Value> learned = new LinkedHashSet<>();
        for (Map.Entry<Value, Tensor> constant : model.graph().initializers().entrySet()) {
            Value value = constant.getKey();
            if (weights.contains(value)
                    || (constant.getValue().elementType() == ElementType.FLOAT
                            && constant.getValue().elementCount() > 1
                            && value.consumers().stream()
                                    .allMatch(node -> isLearned(node, value)))) {
                learned.add(value);
            }
        }
        return learned;
    }

    private static boolean isLearned(Node node, Value value) {
        Integer first = node.domain().isEmpty() ? FIRST_INPUT.get(node.opType()) : null;
        if (first == null) {
            // The transpose of a weight is as good as the weight.
            return (node.is("Transpose") || node.is("Identity"))
                    && node.onlyOutput().consumers().stream()
                            .allMatch(reader -> isLearned(reader, node.onlyOutput()));
        }
        int end = node.is("BatchNormalization") ? 3 : node.inputs().size();
        for (int i = 0; i < node.inputs().size(); i++) {
            if (value.equals(node.input(i)) && (i < first || i >= end)) {
                return false;
            }
        }
        return true;
    }
}
