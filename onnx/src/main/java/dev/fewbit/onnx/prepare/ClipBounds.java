package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Between what Relu and Clip keep their input, in the form of any opset. */
final class ClipBounds {
    private ClipBounds() {}

    /** Least and most; null for another operator, and for a Clip whose bounds are not constant. */
    static double @Nullable [] of(Node node, Constants constants) {
        if (node.is("Relu")) {
            return new double[] {0, Double.POSITIVE_INFINITY};
        }
        if (!node.is("Clip")) {
            return null;
        }
        double least = bound(node, 1, "min", Double.NEGATIVE_INFINITY, constants);
        double most = bound(node, 2, "max", Double.POSITIVE_INFINITY, constants);
        return least <= most ? new double[] {least, most} : null;
    }

    /** True for Clip to [0, 6]. */
    static boolean areZeroAndSix(Node node, Constants constants) {
        double[] bounds = node.is("Clip") ? of(node, constants) : null;
        return bounds != null && bounds[0] == 0 && bounds[1] == 6;
    }

    /** True for Relu, and for a Clip that does the same. */
    static boolean areZeroAndNothing(Node node, Constants constants) {
        double[] bounds = of(node, constants);
        return bounds != null && bounds[0] == 0 && bounds[1] >= Float.MAX_VALUE;
    }

    private static double bound(
            Node clip, int input, String attribute, double absent, Constants constants) {
        Value value = clip.input(input);
        if (value == null) {
            return clip.attribute(attribute) == null
                    ? absent
                    : clip.floatAttribute(attribute, Float.NaN);
        }
        Tensor tensor = constants.resolve(value).orElse(null);
        boolean readable =
                tensor != null
                        && tensor.elementType().isReadableAsFloats()
                        && tensor.elementCount() == 1;
        try {
            return tensor != null && readable ? tensor.floats()[0] : Double.NaN;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
