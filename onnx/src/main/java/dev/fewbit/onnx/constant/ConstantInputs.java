package dev.fewbit.onnx.constant;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Predicate;

/** Gives nodes other constants without touching those of their neighbours. */
public final class ConstantInputs {
    private ConstantInputs() {}

    /**
     * Lets a node read another constant. A constant that nothing else reads is replaced under its
     * name; one that others read stays, and the node gets a new one.
     *
     * @return the value that holds the constant now
     */
    public static Value replace(Node reader, int input, Tensor tensor) {
        Value value = Objects.requireNonNull(reader.input(input), "omitted input");
        return replace(value, tensor, reader::equals);
    }

    /**
     * Lets some of the readers of a constant read another one: under its name when these are all,
     * else under a new one.
     *
     * @return the value that holds the constant now
     */
    public static Value replace(Value value, Tensor tensor, Predicate<Node> readers) {
        Graph graph = Objects.requireNonNull(value.graph(), "a value in no graph");
        boolean shared = value.isGraphOutput() || !value.consumers().stream().allMatch(readers);
        if (!shared && value.initializer() != null) {
            hold(graph, value, tensor);
            return value;
        }
        Node producer = value.producer();
        if (!shared && producer != null && producer.is("Constant")) {
            return toInitializer(producer, tensor);
        }
        Value copy = graph.addInitializer(graph.freshName(value.name()), tensor);
        for (Node consumer : value.consumers()) {
            for (int i = 0; i < consumer.inputs().size(); i++) {
                if (consumer.input(i) == value && readers.test(consumer)) {
                    consumer.setInput(i, copy);
                }
            }
        }
        return copy;
    }

    /**
     * Turns what a node makes at its first output into an initializer of the same name, and removes
     * the node.
     */
    public static Value toInitializer(Node node, Tensor tensor) {
        Graph graph = Objects.requireNonNull(node.graph(), "node was removed");
        Value value = node.releaseOutput(0);
        hold(graph, value, tensor);
        graph.remove(node);
        return value;
    }

    private static void hold(Graph graph, Value value, Tensor tensor) {
        Shape stated = value.shape();
        boolean stale =
                value.elementType() != tensor.elementType()
                        || stated == null
                        || !stated.isKnown()
                        || !Arrays.equals(stated.sizes(), tensor.shape());
        if (stale && !value.isGraphInput()) {
            value.setType(null, null);
        }
        graph.setInitializer(value, tensor);
    }
}
