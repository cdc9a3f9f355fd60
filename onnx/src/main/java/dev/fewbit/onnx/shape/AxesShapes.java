package dev.fewbit.onnx.shape;

import dev.fewbit.onnx.graph.Node;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** The shapes of operators that drop or insert axes: reductions, Squeeze and Unsqueeze. */
final class AxesShapes {
    private AxesShapes() {}

    /** The axes, from the attribute of older opsets or the input of newer ones. */
    static long @Nullable [] axes(Node node, ValueShapes values) {
        long[] axes = node.intsAttribute("axes");
        return axes != null ? axes : values.integers(node.input(1));
    }

    static long @Nullable [] reduced(
            Node node, long @Nullable [] data, long @Nullable [] axes, Extent.Symbols symbols) {
        boolean keep = node.intAttribute("keepdims", 1) != 0;
        boolean given = node.attribute("axes") != null || node.input(1) != null;
        if (data == null) {
            return null;
        }
        if (axes == null && given) {
            return keep ? symbols.sizes(data.length) : null;
        }
        if (axes == null || axes.length == 0) {
            boolean none = node.intAttribute("noop_with_empty_axes", 0) != 0;
            return none ? data : keep ? ones(data.length) : new long[0];
        }
        boolean[] chosen = chosen(axes, data.length);
        return keep ? withOnes(data, chosen) : without(data, chosen);
    }

    static long @Nullable [] squeezed(long @Nullable [] data, long @Nullable [] axes) {
        return data == null || axes == null ? null : without(data, chosen(axes, data.length));
    }

    static long @Nullable [] unsqueezed(long @Nullable [] data, long @Nullable [] axes) {
        if (data == null || axes == null) {
            return null;
        }
        boolean[] inserted = chosen(axes, data.length + axes.length);
        long[] result = ones(inserted.length);
        int next = 0;
        for (int axis = 0; axis < inserted.length && next < data.length; axis++) {
            if (!inserted[axis]) {
                result[axis] = data[next++];
            }
        }
        return result;
    }

    private static long[] ones(int rank) {
        long[] ones = new long[rank];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static long[] withOnes(long[] data, boolean[] chosen) {
        long[] result = data.clone();
        for (int axis = 0; axis < result.length; axis++) {
            result[axis] = chosen[axis] ? 1 : result[axis];
        }
        return result;
    }

    private static long[] without(long[] data, boolean[] chosen) {
        long[] result = new long[data.length];
        int rank = 0;
        for (int axis = 0; axis < data.length; axis++) {
            if (!chosen[axis]) {
                result[rank++] = data[axis];
            }
        }
        return Arrays.copyOf(result, rank);
    }

    /** Marks axes, negative ones counted from the back; those out of range are passed over. */
    private static boolean[] chosen(long[] axes, int rank) {
        boolean[] chosen = new boolean[rank];
        for (long axis : axes) {
            long index = axis < 0 ? axis + rank : axis;
            if (index >= 0 && index < rank) {
                chosen[(int) index] = true;
            }
        }
        return chosen;
    }
}
