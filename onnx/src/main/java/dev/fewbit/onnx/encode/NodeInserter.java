package dev.fewbit.onnx.encode;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/**
 * Adds nodes in front of one node of a graph, each with a single output and names made from a
 * common stem.
 */
final class NodeInserter {
    private final Graph graph;
    private final @Nullable Node anchor;
    private final String stem;

    /**
     * @param graph where the nodes go
     * @param anchor the node in front of which they go; null for the end of the graph
     * @param stem beginning of all names
     */
    NodeInserter(Graph graph, @Nullable Node anchor, String stem) {
        this.graph = graph;
        this.anchor = anchor;
        this.stem = stem;
    }

    Graph graph() {
        return graph;
    }

    /** Adds a node without attributes. */
    Value add(String operator, @Nullable Value... inputs) {
        return add(operator, _ -> {}, inputs);
    }

    /** Adds a node; the consumer sets its attributes. */
    Value add(String operator, Consumer<Node> attributes, @Nullable Value... inputs) {
        String name = graph.freshName(stem + "/" + operator);
        Node node = new Node(operator, name, inputs);
        attributes.accept(node);
        Value output = node.addOutput(graph.freshName(name + "_output"));
        insert(node);
        return output;
    }

    /** Adds a Cast. */
    Value cast(Value input, ElementType type) {
        return add("Cast", node -> node.setAttribute("to", type.code()), input);
    }

    void insert(Node node) {
        if (anchor == null) {
            graph.add(node);
        } else {
            graph.insertBefore(anchor, node);
        }
    }
}
