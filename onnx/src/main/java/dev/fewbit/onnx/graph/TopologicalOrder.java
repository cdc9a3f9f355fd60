package dev.fewbit.onnx.graph;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Orders nodes so that every value is made before it is used (Kahn 1962, "Topological sorting of
 * large networks"), taking among the nodes that are ready the one that stood first. A node also
 * depends on what its subgraphs use from outside. Cost: O((nodes + edges) log nodes).
 */
final class TopologicalOrder {
    private TopologicalOrder() {}

    static boolean isSorted(Graph graph) {
        Set<Node> done = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (!dependsOnlyOn(graph, node, done)) {
                return false;
            }
            done.add(node);
            for (Graph subgraph : node.subgraphs()) {
                if (!isSorted(subgraph)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean dependsOnlyOn(Graph graph, Node node, Set<Node> done) {
        List<Node> dependencies = new ArrayList<>(4);
        collectDependencies(graph, node, dependencies);
        return done.containsAll(dependencies);
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
            List<Node> dependencies = new ArrayList<>(4);
            collectDependencies(graph, nodes.get(index), dependencies);
            for (Node dependency : dependencies) {
                waitingFor[index]++;
                dependents.get(placeOf(place, dependency)).add(index);
            }
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
     * Adds every node of this graph whose output the node, or a subgraph of it, uses; some more
     * than once.
     */
    private static void collectDependencies(Graph graph, Node node, List<Node> dependencies) {
        for (Value input : node.inputs()) {
            addProducer(graph, input, dependencies);
        }
        for (Graph subgraph : node.subgraphs()) {
            for (Node inner : subgraph.nodes()) {
                collectDependencies(graph, inner, dependencies);
            }
            for (Value output : subgraph.outputs()) {
                addProducer(graph, output, dependencies);
            }
        }
    }

    private static void addProducer(Graph graph, @Nullable Value value, List<Node> dependencies) {
        Node producer = value == null ? null : value.producer();
        if (producer != null && producer.graph() == graph) {
            dependencies.add(producer);
        }
    }
}
