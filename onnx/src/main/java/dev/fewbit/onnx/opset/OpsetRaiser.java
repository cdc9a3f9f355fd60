package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Raises the opset of a model's default domain ("" or "ai.onnx") without changing what the model
 * computes. Nodes whose form or meaning changed are rewritten in the model's graph, in all
 * subgraphs and in the bodies of the functions that the model defines; nodes of other domains stay.
 *
 * <p>The model must be valid for the opset that it states. Raising takes one pass over the nodes
 * per opset and reads no weights. Not thread-safe for one model.
 *
 * <p>Source: the operator specification, <a
 * href="https://github.com/onnx/onnx/blob/main/docs/Changelog.md">Changelog.md</a>.
 */
public final class OpsetRaiser {

    /** The oldest opset that a model can be raised from. */
    public static final int MINIMUM = 7;

    /** The newest opset that a model can be raised to. */
    public static final int MAXIMUM = 26;

    private static final int NONE = -1;

    private OpsetRaiser() {}

    /**
     * Raises a model to an opset, and its IR version to the oldest that may carry it. A model that
     * already states this opset or a newer one stays untouched; nothing is ever lowered.
     *
     * <p>When the IR version rises from below 4 to 4 or above, initializers are taken off the graph
     * inputs: below 4 they had to be listed there and were constants all the same, from 4 on being
     * listed makes them defaults that a caller may replace, which keeps runtimes from folding them.
     *
     * @param model changed in place
     * @param target 7 to 26
     * @throws OpsetException when a node cannot be raised; the model is then unchanged
     * @throws IllegalArgumentException when the target is not 7 to 26
     */
    public static void raise(Model model, int target) {
        requireKnown(target);
        int current = opset(model);
        if (current >= target) {
            return;
        }
        GraphRaising raising = graphRaising(model, current, target);
        List<String> obstacles = obstacles(model, current, target, raising);
        if (!obstacles.isEmpty()) {
            throw new OpsetException(current, target, obstacles);
        }
        if (raising != null) {
            raising.rewrite();
        }
        FunctionRaising.rewrite(model, target);
        model.setOpset("", target);
        raiseIrVersion(model, IrVersions.minimumFor(target));
    }

    /**
     * What stands in the way of raising a model: one entry per reason, each naming the node, what
     * changed about it and what to do. Changes nothing.
     *
     * @param target 7 to 26
     * @return empty when {@link #raise} will succeed
     * @throws IllegalArgumentException when the target is not 7 to 26
     */
    public static List<String> obstacles(Model model, int target) {
        requireKnown(target);
        int current = opset(model);
        return current >= target
                ? List.of()
                : obstacles(model, current, target, graphRaising(model, current, target));
    }

    private static List<String> obstacles(
            Model model, int current, int target, @Nullable GraphRaising raising) {
        List<String> obstacles = new ArrayList<>();
        if (raising != null) {
            obstacles.addAll(raising.obstacles());
        } else if (current != NONE) {
            obstacles.add(
                    "The model states opset "
                            + current
                            + " of the default domain; models can be raised from opset "
                            + MINIMUM
                            + " on. Export the model again with a newer opset.");
        } else if (usesDefaultDomain(model)) {
            obstacles.add(
                    "The model has nodes of the default domain but states no opset for it."
                            + " Export the model again.");
        }
        obstacles.addAll(FunctionRaising.obstacles(model, target));
        return List.copyOf(obstacles);
    }

    /** The work on the model's nodes; null where it states no opset to start from. */
    private static @Nullable GraphRaising graphRaising(Model model, int current, int target) {
        return current < MINIMUM ? null : new GraphRaising(model, current, target);
    }

    private static void requireKnown(int target) {
        if (target < MINIMUM || target > MAXIMUM) {
            throw new IllegalArgumentException(
                    "The target opset must be " + MINIMUM + " to " + MAXIMUM + ", got " + target);
        }
    }

    private static int opset(Model model) {
        return Math.clamp(model.opset("").orElse(NONE), NONE, Integer.MAX_VALUE);
    }

    private static boolean usesDefaultDomain(Model model) {
        return model.graph().allNodes().stream().anyMatch(node -> node.domain().isEmpty());
    }

    private static void raiseIrVersion(Model model, int minimum) {
        long before = model.irVersion();
        if (before >= minimum) {
            return;
        }
        model.setIrVersion(minimum);
        boolean crossed =
                before < IrVersions.INITIALIZERS_MAY_BE_OVERRIDDEN
                        && minimum >= IrVersions.INITIALIZERS_MAY_BE_OVERRIDDEN;
        if (crossed) {
            Graph graph = model.graph();
            for (Value value : List.copyOf(graph.initializers().keySet())) {
                graph.removeInput(value);
            }
        }
    }
}
