package dev.fewbit.planning.integer;

import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.integer.IntegerOperators;
import dev.fewbit.onnx.integer.IntegerSupport;
import dev.fewbit.planning.NodeArithmetic;
import dev.fewbit.planning.integer.IntegerNode.Part;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which nodes of a graph compute in integers.
 *
 * <p>Seeds are the convolutions and matrix products with constant weights, those of many groups
 * excepted: that is where the time goes. What else has an integer kernel, or just moves data, joins
 * where everything that it reads comes out of integer nodes as codes and something that reads its
 * result is an integer node again; else codes would be made for it alone, which costs time and
 * precision for nothing. A Relu or Clip behind a kernel melts into it.
 *
 * <p>The joining nodes are the largest set for which this holds: all that could join are taken, and
 * those that break the rule are dropped until none does. Cost: linear in nodes and inputs.
 */
final class IntegerRegions implements NodeArithmetic {
    private final Constants constants;
    private final Map<Node, IntegerNode> integers = new LinkedHashMap<>();
    private final Map<Node, String> floats = new LinkedHashMap<>();

    private IntegerRegions(Constants constants) {
        this.constants = constants;
    }

    /**
     * Decides for the nodes of the model's own graph; those of subgraphs stay float.
     *
     * @param model the prepared model, nodes in order
     * @param keptFloat labels of nodes that must stay float, each with the reason
     */
    static IntegerRegions of(Model model, Map<String, String> keptFloat) {
        IntegerRegions regions = new IntegerRegions(new Constants(model));
        for (Node node : model.graph().nodes()) {
            String kept = keptFloat.get(Labels.of(node));
            if (kept == null) {
                regions.collect(node);
            } else {
                regions.floats.put(node, kept);
            }
        }
        regions.dropWhatDoesNotJoin();
        return regions;
    }

    /** The integer nodes in the order of the graph. */
    Collection<IntegerNode> integers() {
        return integers.values();
    }

    @Override
    public boolean isInteger(Node node) {
        return integers.containsKey(node);
    }

    @Override
    public Optional<String> floatReason(Node node) {
        return Optional.ofNullable(floats.get(node)).filter(reason -> !reason.isEmpty());
    }

    /** The part that a node plays; null for one that computes in float. */
    @Nullable Part part(Node node) {
        IntegerNode integer = integers.get(node);
        return integer == null ? null : integer.part();
    }

    /** The model's constants. */
    Constants constants() {
        return constants;
    }

    private void collect(Node node) {
        switch (IntegerOperators.of(node, constants)) {
            case IntegerSupport.Kernel kernel ->
                    integers.put(
                            node,
                            new IntegerNode(
                                    node,
                                    kernel.weight().isPresent() && !isDepthwise(node)
                                            ? Part.SEED
                                            : Part.JOIN,
                                    inputs(node, kernel.activations()),
                                    kernel.weight().isPresent(),
                                    kernel.outputOptional()));
            case IntegerSupport.MovesData moves ->
                    integers.put(
                            node,
                            new IntegerNode(
                                    node,
                                    Part.MOVE,
                                    inputs(node, moves.activations()),
                                    false,
                                    false));
            case IntegerSupport.Limits limits ->
                    integers.put(
                            node,
                            new IntegerNode(
                                    node,
                                    isBehindKernel(node) ? Part.FUSED : Part.MOVE,
                                    inputs(node, limits.activations()),
                                    false,
                                    false));
            case IntegerSupport.FloatOnly only -> floats.put(node, only.reason());
        }
    }

    /**
     * A depthwise convolution computes too little for the codes to be made for it alone, but is as
     * good as any among integer nodes.
     */
    private static boolean isDepthwise(Node node) {
        return node.is("Conv") && node.intAttribute("group", 1) > 1;
    }

    /** True for the only reader of what an integer kernel makes. */
    private boolean isBehindKernel(Node node) {
        Value input = node.input(0);
        Node producer = input == null ? null : input.producer();
        IntegerNode kernel = producer == null ? null : integers.get(producer);
        return kernel != null
                && (kernel.part() == Part.SEED || kernel.part() == Part.JOIN)
                && input != null
                && !input.isGraphOutput()
                && input.consumers().size() == 1;
    }

    private static List<Value> inputs(Node node, List<Integer> indices) {
        List<Value> inputs = new ArrayList<>();
        for (int index : indices) {
            Value input = node.input(index);
            if (input != null) {
                inputs.add(input);
            }
        }
        return inputs;
    }

    private void dropWhatDoesNotJoin() {
        Deque<Node> suspects = new ArrayDeque<>(integers.keySet());
        while (!suspects.isEmpty()) {
            Node node = suspects.remove();
            IntegerNode integer = integers.get(node);
            if (integer == null || joins(integer)) {
                continue;
            }
            integers.remove(node);
            floats.put(node, "stands beside nodes that compute in float");
            addNeighbours(node, suspects);
        }
    }

    private boolean joins(IntegerNode integer) {
        return switch (integer.part()) {
            case SEED -> true;
            case FUSED -> joinsKernel(integer);
            case JOIN, MOVE ->
                    integer.activations().stream().allMatch(this::comesInCodes)
                            && isReadInCodes(integer.node());
        };
    }

    /**
     * A kernel that can give floats does so, and leaves the Relu to them, unless codes are wanted;
     * and one that only joins needs somebody who wants codes.
     */
    private boolean joinsKernel(IntegerNode limits) {
        Node producer = limits.activations().getFirst().producer();
        IntegerNode kernel = producer == null ? null : integers.get(producer);
        boolean always = kernel != null && kernel.part() == Part.SEED && !kernel.floatOutput();
        return kernel != null && (always || isReadInCodes(limits.node()));
    }

    /** Whether a value is there as codes: made so, or turned into codes for a seed anyway. */
    private boolean comesInCodes(Value value) {
        Node producer = value.producer();
        IntegerNode integer = producer == null ? null : integers.get(producer);
        return (integer != null && !integer.floatOutput())
                || isReadBySeed(value)
                || constants.resolve(value).isPresent();
    }

    private boolean isReadBySeed(Value value) {
        return value.consumers().stream().anyMatch(reader -> part(reader) == Part.SEED);
    }

    private boolean isReadInCodes(Node node) {
        for (Value output : node.outputs()) {
            if (output != null && output.consumers().stream().anyMatch(integers::containsKey)) {
                return true;
            }
        }
        return false;
    }

    private static void addNeighbours(Node node, Deque<Node> suspects) {
        for (Value input : node.inputs()) {
            if (input != null && input.producer() != null) {
                suspects.add(input.producer());
            }
        }
        for (Value output : node.outputs()) {
            if (output != null) {
                suspects.addAll(output.consumers());
            }
        }
    }
}
