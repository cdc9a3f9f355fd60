package dev.fewbit.train.graph;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How long the values of graphs are needed: to the last node of their own graph that reads them. A
 * subgraph reads for the node that holds it, which may run it many times.
 */
final class Lifetimes {
    private final Set<Value> needed = new HashSet<>();
    private final Map<Node, List<Value>> endings = new HashMap<>();

    /** Learns about a graph's own values. */
    void add(Graph graph) {
        Map<Value, Node> last = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            for (Value value : reads(node)) {
                if (value.graph() == graph) {
                    last.put(value, node);
                }
            }
        }
        needed.addAll(last.keySet());
        needed.addAll(graph.outputs());
        graph.outputs().forEach(last::remove);
        last.forEach(
                (value, node) -> endings.computeIfAbsent(node, _ -> new ArrayList<>()).add(value));
    }

    /** What a node reads, its subgraphs included. */
    private static Set<Value> reads(Node node) {
        Set<Value> all = new LinkedHashSet<>();
        for (Value input : node.inputs()) {
            if (input != null) {
                all.add(input);
            }
        }
        for (Graph inner : node.subgraphs()) {
            inner.nodes().forEach(reader -> all.addAll(reads(reader)));
            all.addAll(inner.outputs());
        }
        return all;
    }

    /** Whether anything reads a value, or its graph delivers it. */
    boolean isNeeded(Value value) {
        return needed.contains(value);
    }

    /** The values that nobody needs once a node has run. */
    List<Value> endingWith(Node node) {
        return endings.getOrDefault(node, List.of());
    }
}
