package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

/**
 * The lengths of the vectors from which models put shapes together (Shape, Slice, Concat), and the
 * shapes that such vectors ask for. The length of the vector is the rank of the result.
 */
final class VectorRules {

    private static final long ABSENT = Long.MIN_VALUE;

    private VectorRules() {}

    /** The shape that a shape tensor asks for: its values if constant, else as many as it holds. */
    static long @Nullable [] target(@Nullable Value shapeTensor, ValueFacts facts) {
        long[] values = facts.integers(shapeTensor);
        if (values != null) {
            long[] result = values.clone();
            for (int axis = 0; axis < result.length; axis++) {
                // 0 and -1 stand for sizes of the input.
                result[axis] = result[axis] > 0 ? result[axis] : Sizes.UNKNOWN;
            }
            return result;
        }
        long[] sizes = facts.sizes(shapeTensor);
        if (sizes == null || sizes.length != 1 || sizes[0] < 0 || sizes[0] > Sizes.MAXIMUM_RANK) {
            return null;
        }
        return Sizes.ofRank((int) sizes[0]);
    }

    /** Shape: a vector with one number per axis. */
    static long[] shape(Node node, long @Nullable [] data) {
        boolean whole = node.attribute("start") == null && node.attribute("end") == null;
        return new long[] {data == null || !whole ? Sizes.UNKNOWN : data.length};
    }

    /** Concat: the sizes along its axis add up. */
    static long @Nullable [] joined(Node node, long @Nullable [] first, ValueFacts facts) {
        if (first == null || first.length == 0) {
            return null;
        }
        int axis = (int) Math.floorMod(node.intAttribute("axis", 1), (long) first.length);
        long[] result = first.clone();
        result[axis] = 0;
        for (Value input : node.inputs()) {
            long[] sizes = facts.sizes(input);
            if (sizes == null || sizes.length != first.length || sizes[axis] < 0) {
                return Sizes.ofRank(first.length);
            }
            result[axis] += sizes[axis];
        }
        return result;
    }

    /** Slice: the rank, and the length of a vector cut at constant places without steps. */
    static long @Nullable [] sliced(Node node, long @Nullable [] data, ValueFacts facts) {
        if (data == null) {
            return null;
        }
        boolean attributes = node.attribute("starts") != null;
        long start = single(attributes ? node.intsAttribute("starts") : input(node, 1, facts));
        long end = single(attributes ? node.intsAttribute("ends") : input(node, 2, facts));
        boolean gapless = node.input(4) == null || single(input(node, 4, facts)) == 1;
        boolean cut = data.length == 1 && data[0] >= 0 && gapless;
        if (!cut || start == ABSENT || end == ABSENT) {
            return Sizes.ofRank(data.length);
        }
        return new long[] {Math.max(0, clamp(end, data[0]) - clamp(start, data[0]))};
    }

    private static long @Nullable [] input(Node node, int index, ValueFacts facts) {
        return facts.integers(node.input(index));
    }

    private static long single(long @Nullable [] values) {
        return values == null || values.length != 1 ? ABSENT : values[0];
    }

    private static long clamp(long place, long length) {
        return Math.clamp(place < 0 ? place + length : place, 0, length);
    }
}
