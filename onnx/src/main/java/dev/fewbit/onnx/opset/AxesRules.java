package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Dimension;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Shape;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The shapes of operators that drop or insert axes: reductions, Squeeze and Unsqueeze. */
final class AxesRules {

    private AxesRules() {}

    /** The axes, from the attribute of older opsets or the input of newer ones. */
    static long @Nullable [] of(Node node, ValueFacts facts) {
        long[] axes = node.intsAttribute("axes");
        return axes != null ? axes : facts.integers(node.input(1));
    }

    static @Nullable Shape reduced(Node node, @Nullable Shape data, long @Nullable [] axes) {
        boolean keep = node.intAttribute("keepdims", 1) != 0;
        if (data == null) {
            return null;
        }
        boolean given = node.attribute("axes") != null || node.input(1) != null;
        if (axes == null && given) {
            return keep ? ShapeRules.unknown(data.rank()) : null;
        }
        if (axes == null || axes.length == 0) {
            if (node.intAttribute("noop_with_empty_axes", 0) != 0) {
                return data;
            }
            return keep
                    ? new Shape(Collections.nCopies(data.rank(), new Dimension.Known(1)))
                    : Shape.of();
        }
        boolean[] chosen = chosen(axes, data.rank());
        List<Dimension> result = new ArrayList<>();
        for (int axis = 0; axis < data.rank(); axis++) {
            if (!chosen[axis]) {
                result.add(data.dimensions().get(axis));
            } else if (keep) {
                result.add(new Dimension.Known(1));
            }
        }
        return new Shape(result);
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

    static @Nullable Shape squeezed(@Nullable Shape data, long @Nullable [] axes) {
        if (data == null || axes == null || axes.length > data.rank()) {
            return null;
        }
        boolean[] gone = chosen(axes, data.rank());
        List<Dimension> result = new ArrayList<>();
        for (int axis = 0; axis < data.rank(); axis++) {
            if (!gone[axis]) {
                result.add(data.dimensions().get(axis));
            }
        }
        return new Shape(result);
    }

    static @Nullable Shape unsqueezed(@Nullable Shape data, long @Nullable [] axes) {
        if (data == null || axes == null) {
            return null;
        }
        boolean[] inserted = chosen(axes, data.rank() + axes.length);
        List<Dimension> result = new ArrayList<>();
        int next = 0;
        for (boolean one : inserted) {
            if (one) {
                result.add(new Dimension.Known(1));
            } else if (next < data.rank()) {
                result.add(data.dimensions().get(next++));
            }
        }
        return new Shape(result);
    }
}
