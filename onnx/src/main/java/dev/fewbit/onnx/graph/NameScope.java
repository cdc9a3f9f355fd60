package dev.fewbit.onnx.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The names that are taken in a model: values and nodes, subgraphs included. */
final class NameScope {
    private final Set<String> taken = new HashSet<>();
    private final Map<String, Integer> nextNumber = new HashMap<>();

    private NameScope() {}

    /**
     * The names of the model around a graph, collected when first asked for and kept with its
     * outermost graph.
     */
    static NameScope ofModel(Graph graph) {
        Graph root = graph;
        for (Graph up = graph.parent(); up != null; up = up.parent()) {
            root = up;
        }
        NameScope scope = root.names;
        if (scope == null) {
            scope = new NameScope();
            scope.collect(root);
            root.names = scope;
        }
        return scope;
    }

    String fresh(String base) {
        if (!base.isEmpty() && taken.add(base)) {
            return base;
        }
        int number = nextNumber.getOrDefault(base, 1);
        while (!taken.add(base + "_" + number)) {
            number++;
        }
        nextNumber.put(base, number + 1);
        return base + "_" + number;
    }

    private void collect(Graph graph) {
        graph.inputs().forEach(this::take);
        graph.initializers().keySet().forEach(this::take);
        graph.sparseInitializers().forEach(this::take);
        graph.outputs().forEach(this::take);
        for (Node node : graph.nodes()) {
            taken.add(node.name());
            for (Value output : node.outputs()) {
                if (output != null) {
                    take(output);
                }
            }
            node.subgraphs().forEach(this::collect);
        }
    }

    private void take(Value value) {
        taken.add(value.name());
    }
}
