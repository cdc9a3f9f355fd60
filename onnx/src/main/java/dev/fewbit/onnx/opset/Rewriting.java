package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What adapters work with while one model is raised: its facts, the target, constants that equal
 * needs share, and ways to put nodes around a node. Not thread-safe.
 *
 * <p>Constants become initializers of the outermost graph, where every subgraph sees them: a model
 * with the same axes in a hundred places gets one initializer.
 */
final class Rewriting {

    private final Graph root;
    private final int target;
    private final ValueFacts facts;
    private final Map<Value, Tensor> constants = new LinkedHashMap<>();

    private List<Node> added = new ArrayList<>();

    Rewriting(Graph root, int target, ValueFacts facts) {
        this.root = root;
        this.target = target;
        this.facts = facts;
    }

    /** The opset that the model will have in the end. */
    int target() {
        return target;
    }

    /** What was known about the values of the model before anything was rewritten. */
    ValueFacts facts() {
        return facts;
    }

    /** A constant under a fresh name, or the one that an equal call made before. */
    Value constant(String name, Tensor tensor) {
        for (Map.Entry<Value, Tensor> made : constants.entrySet()) {
            Tensor other = made.getValue();
            if (other.elementType() == tensor.elementType()
                    && Arrays.equals(other.shape(), tensor.shape())
                    && other.data().equals(tensor.data())) {
                return made.getKey();
            }
        }
        Value value = root.addInitializer(root.freshName(name), tensor);
        constants.put(value, tensor);
        return value;
    }

    /** A constant int64 vector. */
    Value integers(String name, long... values) {
        return constant(name, Tensor.ofLongs(new long[] {values.length}, values));
    }

    /** A new node right before another, in the same graph; returns its only output. */
    Value insertBefore(Node anchor, Node added) {
        Graph graph = graphOf(anchor);
        added.setName(freshName(anchor, added.opType()));
        graph.insertBefore(anchor, added);
        this.added.add(added);
        return added.addOutput(freshName(anchor, added.opType() + "_output"));
    }

    /**
     * A new node right behind another, which takes over its first output: users, name and place
     * among the graph's outputs stay. The new node's first input becomes what the other node makes.
     */
    void insertBehind(Node anchor, Node added) {
        Graph graph = graphOf(anchor);
        Value output = anchor.releaseOutput(0);
        Value between = new Value(freshName(anchor, anchor.opType() + "_output"));
        anchor.setOutput(0, between);
        added.setName(freshName(anchor, added.opType()));
        added.setInput(0, between);
        graph.insertAfter(anchor, added);
        added.addOutput(output);
        this.added.add(added);
    }

    /** Omits an input, and its constant where that is an initializer that nothing else uses. */
    void omitInput(Node node, int index) {
        Value value = node.input(index);
        node.setInput(index, null);
        if (value == null || value.initializer() == null || value.isUsed()) {
            return;
        }
        if (!value.isGraphInput()) {
            Objects.requireNonNull(value.graph(), "initializer of a graph")
                    .removeInitializer(value);
        }
    }

    /**
     * The nodes added since the last call, written for the opset of the adapter that added them.
     */
    List<Node> takeAdded() {
        List<Node> taken = added;
        added = new ArrayList<>();
        return taken;
    }

    private String freshName(Node anchor, String suffix) {
        return root.freshName(anchor.name().isEmpty() ? suffix : anchor.name() + "_" + suffix);
    }

    private static Graph graphOf(Node node) {
        return Objects.requireNonNull(node.graph(), "node was removed");
    }
}
