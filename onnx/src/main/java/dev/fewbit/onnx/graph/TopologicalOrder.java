package dev.fewbit.onnx.graph;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Orders nodes so that every value is made before it is used (Kahn 1962, "Topological sorting of
 * large networks"), taking among the nodes that are ready the one that stood first. A node also
 * depends on what its subgraphs use from outside. Cost: O((nodes + edges) log nodes).
 */
final class TopologicalOrder {
    private TopologicalOrder() {}

    static boolean isSorted(Graph graph) {
        Set<Node> done = new HashSet<>();
        boolean[] sorted = {true};
        for (Node node : graph.nodes()) {
            forEachDependency(graph, node, dependency -> sorted[0] &= done.contains(dependency));
            done.add(node);
            for (Graph subgraph : node.subgraphs()) {
                sorted[0] &= isSorted(subgraph);
            }
        }
        return sorted[0];
    }

    /** The nodes of this graph in order; subgraphs are left as they are. */
    static List<Node> of(Graph graph) {
        List<Node> nodes = graph.nodes();
        Map<Node, Integer> place = new HashMap<>();
        nodes.forEach(node -> place.put(node, place.size()));
        int[] waitingFor = new int[nodes.size()];
        List<List<Integer>> dependents = new ArrayList<>();
        nodes.forEach(_ -> dependents.add(new ArrayList<>(2)));
        for (int index = 0; index < waitingFor.length; index++) {
            int dependent = index;
            forEachDependency(
                    graph,
                    nodes.get(index),
                    dependency -> {
                        waitingFor[dependent]++;
                        dependents.get(placeOf(place, dependency)).add(dependent);
                    });
        }
        PriorityQueue<Integer> ready = new PriorityQueue<>();
        for (int index = 0; index < waitingFor.length; index++) {
            if (waitingFor[index] == 0) {
                ready.add(index);
            }
        }
        List<Node> order = new ArrayList<>(nodes.size());
        for (@Nullable Integer index = ready.poll(); index != null; index = ready.poll()) {
            order.add(nodes.get(index));
            for (int dependent : dependents.get(index)) {
                if (--waitingFor[dependent] == 0) {
                    ready.add(dependent);
                }
            }
        }
        if (order.size() < nodes.size()) {
            Set<Node> sorted = new HashSet<>(order);
            Node culprit =
                    nodes.stream().filter(node -> !sorted.contains(node)).findFirst().orElseThrow();
            throw new InvalidGraphException(
                    "The graph "
                            + graph
                            + " has a cycle: "
                            + culprit
                            + " needs a value that is made from its own outputs");
        }
        return order;
    }

    private static int placeOf(Map<Node, Integer> place, Node node) {
        Integer index = place.get(node);
        if (index == null) {
            throw new InvalidGraphException(node + " says it is in a graph that does not list it");
        }
        return index;
    }

    /**
     * Calls back with every node of this graph whose output the node, or a subgraph of it, uses;
     * repeats are possible.
     */
    private static void forEachDependency(Graph graph, Node node, Consumer<Node> action) {
        node.inputs().forEach(value -> report(graph, value, action));
        for (Graph subgraph : node.subgraphs()) {
            for (Node inner : subgraph.nodes()) {
                forEachDependency(graph, inner, action);
            }
            subgraph.outputs().forEach(value -> report(graph, value, action));
        }
    }

    private static void report(Graph graph, @Nullable Value value, Consumer<Node> action) {
        Node producer = value == null ? null : value.producer();
        if (producer != null && producer.graph() == graph) {
            action.accept(producer);
        }
    }
}
