package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Dimension;
import dev.fewbit.onnx.graph.Shape;

import java.util.Arrays;
import java.util.List;

/**
 * Shapes as far as raising needs them: an array with one size per axis, {@link #UNKNOWN} where it
 * is not known before the model runs. Plain arrays and loops, because this runs for every node
 * while the JVM is still cold.
 */
final class Sizes {

    static final long UNKNOWN = -1;

    /** More axes than any real tensor has; what claims more comes from a broken file. */
    static final int MAXIMUM_RANK = 64;

    private Sizes() {}

    /** The sizes that a model states. */
    static long[] of(Shape shape) {
        List<Dimension> dimensions = shape.dimensions();
        long[] sizes = new long[dimensions.size()];
        for (int axis = 0; axis < sizes.length; axis++) {
            sizes[axis] =
                    dimensions.get(axis) instanceof Dimension.Known known ? known.size() : UNKNOWN;
        }
        return sizes;
    }

    /** A shape of which only the rank is known. */
    static long[] ofRank(int rank) {
        long[] sizes = new long[rank];
        Arrays.fill(sizes, UNKNOWN);
        return sizes;
    }

    /** The shape to which two shapes broadcast, the shorter one counted from the back. */
    static long[] broadcast(long[] left, long[] right) {
        if (left.length < right.length) {
            return broadcast(right, left);
        }
        long[] result = left.clone();
        int offset = left.length - right.length;
        for (int axis = 0; axis < right.length; axis++) {
            result[offset + axis] = broadcast(left[offset + axis], right[axis]);
        }
        return result;
    }

    /** A known size other than 1 decides; 1 follows; of an unknown one it stays open. */
    private static long broadcast(long left, long right) {
        if (left == right || right == 1) {
            return left;
        }
        if (left == 1) {
            return right;
        }
        return Math.max(left, right);
    }
}
