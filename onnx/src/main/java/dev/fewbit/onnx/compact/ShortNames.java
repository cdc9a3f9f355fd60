package dev.fewbit.onnx.compact;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** Calls inner values {@code a}, {@code b}, ... {@code aa}, and takes the names of nodes. */
final class ShortNames {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private final Set<String> taken = new HashSet<>();
    private int next;

    private ShortNames() {}

    /** Renames all values of a graph and its subgraphs but its inputs and outputs. */
    static void give(Graph graph) {
        new ShortNames().rename(graph);
    }

    private void rename(Graph graph) {
        Set<Value> inner = new LinkedHashSet<>();
        collect(graph, inner);
        graph.inputs().forEach(inner::remove);
        graph.outputs().forEach(inner::remove);
        graph.inputs().forEach(value -> taken.add(value.name()));
        graph.outputs().forEach(value -> taken.add(value.name()));
        graph.sparseInitializers().forEach(value -> taken.add(value.name()));
        inner.removeAll(graph.sparseInitializers());
        inner.forEach(value -> value.setName(fresh()));
    }

    /** Names are unique in all graphs together, since subgraphs see those around them. */
    private static void collect(Graph graph, Set<Value> values) {
        values.addAll(graph.inputs());
        values.addAll(graph.initializers().keySet());
        for (Node node : graph.nodes()) {
            node.setName("");
            for (Value output : node.outputs()) {
                if (output != null) {
                    values.add(output);
                }
            }
            node.subgraphs().forEach(subgraph -> collect(subgraph, values));
        }
    }

    private String fresh() {
        String name;
        do {
            StringBuilder letters = new StringBuilder();
            for (int rest = next++; rest >= 0; rest = rest / LETTERS.length() - 1) {
                letters.append(LETTERS.charAt(rest % LETTERS.length()));
            }
            name = letters.toString();
        } while (!taken.add(name));
        return name;
    }
}
