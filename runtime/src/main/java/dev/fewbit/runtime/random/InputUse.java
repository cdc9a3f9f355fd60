package dev.fewbit.runtime.random;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the graph says of an input by the way it is used: the table that it indexes, the channels
 * that a convolution expects of it, the width that a matrix product expects.
 *
 * @param tableRows rows of the smallest table that the input's values select from
 * @param channels size of axis 1, from the convolution that reads it
 * @param width size of the last axis, from the matrix product that reads it
 */
record InputUse(OptionalLong tableRows, OptionalLong channels, OptionalLong width) {

    /** Operators that hand the same values on. */
    private static final Set<String> PASSING =
            Set.of(
                    "Identity",
                    "Cast",
                    "Reshape",
                    "Flatten",
                    "Squeeze",
                    "Unsqueeze",
                    "Transpose",
                    "Slice",
                    "Expand",
                    "Clip");

    /**
     * Follows an input through the graph.
     *
     * @param graph the graph
     * @param name name of the input
     */
    static InputUse of(Graph graph, String name) {
        OptionalLong rows = OptionalLong.empty();
        OptionalLong channels = OptionalLong.empty();
        OptionalLong width = OptionalLong.empty();
        Deque<Value> waiting = new ArrayDeque<>();
        Set<Value> seen = new HashSet<>();
        Value input = find(graph, name);
        if (input != null) {
            waiting.add(input);
        }
        while (!waiting.isEmpty()) {
            Value value = waiting.remove();
            if (!seen.add(value)) {
                continue;
            }
            for (Node node : value.consumers()) {
                List<@Nullable Value> inputs = node.inputs();
                Value data = inputs.isEmpty() ? null : inputs.getFirst();
                if (isGather(node) && inputs.size() > 1 && inputs.get(1) == value) {
                    rows = smaller(rows, tableRows(node, data));
                } else if (data == value && PASSING.contains(node.opType())) {
                    for (Value output : node.outputs()) {
                        if (output != null) {
                            waiting.add(output);
                        }
                    }
                } else if (data == value && value == input && inputs.size() > 1) {
                    long[] weight = shapeOf(inputs.get(1));
                    if (node.is("Conv") && weight.length > 2) {
                        channels = OptionalLong.of(weight[1] * node.intAttribute("group", 1));
                    } else if (node.is("MatMul") && weight.length == 2) {
                        width = OptionalLong.of(weight[0]);
                    } else if (node.is("Gemm") && weight.length == 2) {
                        boolean transposed = node.intAttribute("transB", 0) != 0;
                        width = OptionalLong.of(transposed ? weight[1] : weight[0]);
                    }
                }
            }
        }
        return new InputUse(rows, channels, width);
    }

    private static boolean isGather(Node node) {
        return node.opType().equals("Gather")
                || node.opType().equals("GatherElements")
                || node.opType().equals("GatherBlockQuantized");
    }

    private static OptionalLong tableRows(Node gather, @Nullable Value table) {
        long[] shape = shapeOf(table);
        int axis = (int) gather.intAttribute("axis", 0);
        int index = axis < 0 ? axis + shape.length : axis;
        return index >= 0 && index < shape.length
                ? OptionalLong.of(shape[index])
                : OptionalLong.empty();
    }

    /** The shape of a constant, also behind a dequantization; empty when it is none. */
    private static long[] shapeOf(@Nullable Value value) {
        Value at = value;
        for (int steps = 0; at != null && steps < 4; steps++) {
            Tensor tensor = at.initializer();
            if (tensor != null) {
                return tensor.shape();
            }
            Node producer = at.producer();
            if (producer == null) {
                return new long[0];
            }
            if (producer.is("Constant")) {
                Tensor constant = producer.tensorAttribute("value");
                return constant == null ? new long[0] : constant.shape();
            }
            boolean passes =
                    producer.is("DequantizeLinear")
                            || producer.is("Cast")
                            || producer.is("Identity");
            at = passes ? producer.input(0) : null;
        }
        return new long[0];
    }

    private static OptionalLong smaller(OptionalLong known, OptionalLong found) {
        if (known.isEmpty() || found.isEmpty()) {
            return known.isEmpty() ? found : known;
        }
        return OptionalLong.of(Math.min(known.getAsLong(), found.getAsLong()));
    }

    private static @Nullable Value find(Graph graph, String name) {
        for (Value value : graph.inputs()) {
            if (value.name().equals(name)) {
                return value;
            }
        }
        return null;
    }
}
