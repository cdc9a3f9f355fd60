package dev.fewbit.onnx.constant;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * Between what Relu and Clip keep their input, in the form of any opset.
 *
 * @param low the least, possibly negative infinity
 * @param high the most, possibly infinity
 */
public record ClipBounds(float low, float high) {

    /** The bounds of a Relu or Clip; empty for another operator, and when they are not constant. */
    public static Optional<ClipBounds> of(Node node, Constants constants) {
        if (node.is("Relu")) {
            return Optional.of(new ClipBounds(0, Float.POSITIVE_INFINITY));
        }
        if (!node.is("Clip")) {
            return Optional.empty();
        }
        Optional<Float> low = bound(node, 1, "min", Float.NEGATIVE_INFINITY, constants);
        Optional<Float> high = bound(node, 2, "max", Float.POSITIVE_INFINITY, constants);
        return low.flatMap(least -> high.map(most -> new ClipBounds(least, most)));
    }

    /** The same when the least is not above the most; null otherwise. */
    public static @Nullable ClipBounds ordered(Node node, Constants constants) {
        return of(node, constants).filter(ClipBounds::areOrdered).orElse(null);
    }

    /** A bound is an input since opset 11, an attribute before. */
    private static Optional<Float> bound(
            Node clip, int input, String attribute, float absent, Constants constants) {
        Value value = clip.input(input);
        return value == null
                ? Optional.of(clip.floatAttribute(attribute, absent))
                : constants.scalar(value);
    }

    /** False for the wrong way round, and for NaN. */
    public boolean areOrdered() {
        return low <= high;
    }

    /** True for Clip to [0, 6]. */
    public static boolean areZeroAndSix(Node node, Constants constants) {
        ClipBounds bounds = ordered(node, constants);
        return bounds != null && bounds.low == 0 && bounds.high == 6;
    }

    /** True for Relu, and for a Clip that does the same. */
    public static boolean areZeroAndNothing(Node node, Constants constants) {
        ClipBounds bounds = ordered(node, constants);
        return bounds != null && bounds.low == 0 && bounds.high >= Float.MAX_VALUE;
    }
}
