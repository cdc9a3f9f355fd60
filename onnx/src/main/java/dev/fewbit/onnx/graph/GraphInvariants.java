package dev.fewbit.onnx.graph;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The checks behind {@link Graph#verify()}. */
final class GraphInvariants {
    private GraphInvariants() {}

    static void check(Graph graph) {
        Set<Graph> scope = new HashSet<>();
        for (Graph outer = graph.parent(); outer != null; outer = outer.parent()) {
            scope.add(outer);
        }
        check(graph, scope);
    }

    private static void check(Graph graph, Set<Graph> scope) {
        checkNames(graph);
        scope.add(graph);
        List<Node> nodes = graph.nodes();
        for (Node node : nodes) {
            for (Value input : node.inputs()) {
                checkVisible(input, scope, node, graph);
                if (input != null && !input.isReadBy(node)) {
                    throw new InvalidGraphException(
                            "The value " + input + " does not know its consumer " + node);
                }
            }
            for (Graph subgraph : node.subgraphs()) {
                if (subgraph.owner() != node) {
                    throw new InvalidGraphException(
                            "The subgraph "
                                    + subgraph
                                    + " is held by "
                                    + node
                                    + ", but belongs to "
                                    + subgraph.owner());
                }
                check(subgraph, scope);
            }
        }
        for (Value output : graph.outputs()) {
            checkVisible(output, scope, "the outputs", graph);
        }
        scope.remove(graph);
        // Sorting finds cycles; a graph in order, the usual case, has none and is spared the sort.
        if (!TopologicalOrder.isSorted(graph)) {
            TopologicalOrder.of(graph);
        }
    }

    private static void checkNames(Graph graph) {
        Map<String, Value> defined = new HashMap<>();
        for (Value input : graph.inputs()) {
            define(graph, defined, input);
        }
        for (Value constant : graph.initializers().keySet()) {
            define(graph, defined, constant);
        }
        for (Value constant : graph.sparseInitializers()) {
            define(graph, defined, constant);
        }
        for (Node node : graph.nodes()) {
            for (Value output : node.outputs()) {
                if (output != null) {
                    define(graph, defined, output);
                }
            }
        }
    }

    private static void define(Graph graph, Map<String, Value> defined, Value value) {
        Value other = defined.putIfAbsent(value.name(), value);
        if (other != null && other != value) {
            throw new InvalidGraphException(
                    "Two values in graph "
                            + graph
                            + " are named "
                            + value
                            + ": one from "
                            + origin(other)
                            + ", one from "
                            + origin(value)
                            + "; Graph.freshName makes a free name");
        }
    }

    private static void checkVisible(
            @Nullable Value value, Set<Graph> scope, Object user, Graph graph) {
        if (value == null) {
            return;
        }
        Graph home = value.graph();
        if (home == null) {
            throw new InvalidGraphException(
                    "The value "
                            + value
                            + " is used by "
                            + user
                            + " in graph "
                            + graph
                            + ", but no node makes it and it is neither a graph input nor an"
                            + " initializer");
        }
        if (!scope.contains(home)) {
            throw new InvalidGraphException(
                    "The value "
                            + value
                            + " is used by "
                            + user
                            + " in graph "
                            + graph
                            + ", but is defined in graph "
                            + home
                            + ", which is not around it");
        }
    }

    private static String origin(Value value) {
        Node producer = value.producer();
        return producer == null ? "the graph's inputs or initializers" : producer.toString();
    }
}
