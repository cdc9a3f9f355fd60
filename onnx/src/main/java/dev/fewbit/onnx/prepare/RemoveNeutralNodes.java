package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.opset.ValueFacts;
import dev.fewbit.onnx.shape.SliceBounds;
import dev.fewbit.onnx.shape.ValueShapes;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Nodes that pass their input on unchanged are removed: Identity, Dropout outside of training, Cast
 * to the same type, Pad by nothing, Slice of everything, Reshape or Expand to the same shape,
 * Transpose that keeps the order, Tile by ones, Concat of one.
 *
 * <pre>{@code
 * Relu(x) -> a; Identity(a) -> b; Conv(b) -> y      becomes      Relu(x) -> a; Conv(a) -> y
 * }</pre>
 *
 * <p>An output of the graph keeps its name: the node before makes it then.
 */
final class RemoveNeutralNodes implements Rewrite {

    @Override
    public boolean apply(Model model, Notes notes) {
        ValueFacts facts = ValueFacts.of(model);
        ValueShapes shapes = facts.shapes();
        Constants constants = new Constants(model);
        Set<Value> deliveredInside = deliveredBySubgraphs(model.graph());
        Map<String, Integer> removed = new TreeMap<>();
        for (Node node : model.graph().nodes()) {
            Value input = node.input(0);
            Value output = node.output(0);
            if (input != null
                    && output != null
                    && node.domain().isEmpty()
                    && hasOneOutput(node)
                    && isNeutral(node, shapes, facts, constants)
                    && canGo(model.graph(), input, output, deliveredInside)) {
                model.graph().replaceAllUses(output, input);
                model.graph().remove(node);
                removed.merge(node.opType(), 1, Integer::sum);
            }
        }
        if (!removed.isEmpty()) {
            notes.done("Nodes that change nothing were removed: " + Counts.words(removed) + ".");
        }
        return !removed.isEmpty();
    }

    private static boolean hasOneOutput(Node node) {
        return node.outputs().stream()
                .skip(1)
                .allMatch(output -> output == null || !output.isUsed());
    }

    private static Set<Value> deliveredBySubgraphs(Graph graph) {
        Set<Value> delivered = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Node node : graph.allNodes()) {
            for (Graph subgraph : node.subgraphs()) {
                for (Value output : subgraph.outputs()) {
                    if (output.graph() != subgraph) {
                        delivered.add(output);
                    }
                }
            }
        }
        return delivered;
    }

    /** An output's name can only move to a value that a node of the same graph makes. */
    private static boolean canGo(
            Graph graph, Value input, Value output, Set<Value> deliveredInside) {
        if (deliveredInside.contains(output)) {
            return false;
        }
        return !output.isGraphOutput()
                || (input.producer() != null && input.graph() == graph && !input.isGraphOutput());
    }

    private static boolean isNeutral(
            Node node, ValueShapes shapes, ValueFacts facts, Constants constants) {
        long[] before = shapes.shape(node.input(0));
        long[] after = shapes.shape(node.output(0));
        boolean sameShape = before != null && after != null && Arrays.equals(before, after);
        return switch (node.opType()) {
            case "Identity" -> true;
            case "Dropout" -> isInference(node, constants);
            case "Cast" -> {
                var type = facts.elementType(node.input(0));
                yield type != null && type.code() == node.intAttribute("to", 0);
            }
            case "Reshape", "Expand", "Flatten" -> sameShape;
            case "Transpose" -> keepsOrder(node.intsAttribute("perm"));
            case "Pad" -> isAll(pads(node, shapes), 0);
            case "Tile" -> isAll(shapes.integers(node.input(1)), 1);
            case "Slice" -> {
                SliceBounds bounds = SliceBounds.of(node, shapes);
                yield before != null && bounds != null && bounds.takesEverything(before);
            }
            case "Concat", "Sum", "Max", "Min", "Mean" -> node.inputs().size() == 1;
            default -> false;
        };
    }

    static long @Nullable [] pads(Node pad, ValueShapes shapes) {
        return pad.attribute("pads") != null
                ? pad.intsAttribute("pads")
                : shapes.integers(pad.input(1));
    }

    private static boolean isAll(long @Nullable [] values, long expected) {
        return values != null && Arrays.stream(values).allMatch(value -> value == expected);
    }

    private static boolean keepsOrder(long @Nullable [] permutation) {
        if (permutation == null) {
            return false;
        }
        for (int axis = 0; axis < permutation.length; axis++) {
            if (permutation[axis] != axis) {
                return false;
            }
        }
        return true;
    }

    /** Dropout trains only when its third input, since opset 12, says so. */
    private static boolean isInference(Node dropout, Constants constants) {
        Value training = dropout.input(2);
        if (training == null) {
            return true;
        }
        Tensor flag = constants.resolve(training).orElse(null);
        try {
            return flag != null && flag.elementCount() == 1 && flag.longs()[0] == 0;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
