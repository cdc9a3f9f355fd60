package dev.fewbit.onnx.shape;

import dev.fewbit.onnx.graph.Node;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * What a Slice cuts out, from attributes (before opset 10) or constant inputs.
 *
 * @param starts first place on each axis
 * @param ends place behind the last, on each axis
 * @param axes the axes, possibly negative
 * @param steps distance of the places, on each axis
 */
// Read within this package and the preparation only, and never changed.
@SuppressWarnings("ArrayRecordComponent")
public record SliceBounds(long[] starts, long[] ends, long[] axes, long[] steps) {

    /** More than every axis has: "to the end". */
    private static final long WITHOUT_END = Integer.MAX_VALUE;

    /** The bounds of a Slice; null when they are not constant. */
    public static @Nullable SliceBounds of(Node slice, ValueShapes values) {
        boolean attributes = slice.attribute("starts") != null;
        long[] starts = attributes ? slice.intsAttribute("starts") : input(slice, 1, values);
        long[] ends = attributes ? slice.intsAttribute("ends") : input(slice, 2, values);
        if (starts == null || ends == null || starts.length != ends.length) {
            return null;
        }
        long[] axes = LongStream.range(0, starts.length).toArray();
        if (attributes ? slice.attribute("axes") != null : slice.input(3) != null) {
            axes = attributes ? slice.intsAttribute("axes") : input(slice, 3, values);
        }
        long[] steps = new long[starts.length];
        Arrays.fill(steps, 1);
        if (slice.input(4) != null) {
            steps = input(slice, 4, values);
        }
        boolean complete =
                axes != null
                        && steps != null
                        && axes.length == starts.length
                        && steps.length == starts.length;
        return axes == null || steps == null || !complete
                ? null
                : new SliceBounds(starts, ends, axes, steps);
    }

    private static long @Nullable [] input(Node slice, int index, ValueShapes values) {
        return values.integers(slice.input(index));
    }

    /** True when it takes all of every axis of a value with this shape. */
    public boolean takesEverything(long[] shape) {
        for (int i = 0; i < axes.length; i++) {
            long axis = axes[i] < 0 ? axes[i] + shape.length : axes[i];
            if (axis < 0 || axis >= shape.length || starts[i] != 0 || steps[i] != 1) {
                return false;
            }
            long size = shape[(int) axis];
            if (ends[i] < (Extent.isKnown(size) ? size : WITHOUT_END)) {
                return false;
            }
        }
        return true;
    }

    /** The shape of what is cut out of a value with this shape; null when an axis is wrong. */
    long @Nullable [] cut(long[] shape, Extent.Symbols symbols) {
        long[] result = shape.clone();
        for (int i = 0; i < axes.length; i++) {
            long axis = axes[i] < 0 ? axes[i] + shape.length : axes[i];
            if (axis < 0 || axis >= shape.length || steps[i] == 0) {
                return null;
            }
            result[(int) axis] = length(shape[(int) axis], i, symbols);
        }
        return result;
    }

    private long length(long size, int i, Extent.Symbols symbols) {
        if (!Extent.isKnown(size)) {
            boolean everything = starts[i] == 0 && steps[i] == 1 && ends[i] >= WITHOUT_END;
            return everything ? size : symbols.size();
        }
        long start = starts[i] < 0 ? starts[i] + size : starts[i];
        long end = ends[i] < 0 ? ends[i] + size : ends[i];
        if (steps[i] > 0) {
            start = Math.clamp(start, 0, size);
            end = Math.clamp(end, 0, size);
        } else {
            start = Math.clamp(start, -1, size - 1);
            end = Math.clamp(end, -1, size - 1);
        }
        return Math.max(0, Math.ceilDiv(end - start, steps[i]));
    }
}
