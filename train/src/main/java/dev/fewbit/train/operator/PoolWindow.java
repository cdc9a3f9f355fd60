package dev.fewbit.train.operator;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;

import java.util.Arrays;

/** The window that a pooling moves over the dimensions of space of its input. */
final class PoolWindow {
    final int dimensions;
    final long[] sizes;
    final long[] strides;
    final long[] dilations;

    /** What the attributes add, first before each dimension, then behind each. */
    final long[] pads;

    /** Sizes of the input. */
    final long[] input;

    /** Sizes of the output. */
    final long[] places;

    private PoolWindow(Call call) {
        Tensor x = call.input(0);
        dimensions = call.rank(0) - 2;
        if (dimensions < 1 || dimensions > 3) {
            throw call.failure("is supported in 1 to 3 dimensions of space, not " + dimensions);
        }
        sizes = Window.zeros(call, "kernel_shape", dimensions);
        strides = Window.ones(call, "strides", dimensions);
        dilations = Window.ones(call, "dilations", dimensions);
        pads = Window.pads(call, x, sizes, strides, dilations);
        boolean ceiling = call.node().intAttribute("ceil_mode", 0) != 0;
        input = new long[dimensions];
        places = new long[dimensions];
        for (int i = 0; i < dimensions; i++) {
            input[i] = x.size(i + 2);
            long room = input[i] + pads[i] + pads[dimensions + i] - span(i);
            long last = ceiling ? Math.ceilDiv(room, strides[i]) : room / strides[i];
            // No window starts behind the input.
            places[i] = last * strides[i] >= input[i] + pads[i] && ceiling ? last : last + 1;
        }
    }

    static PoolWindow of(Call call) {
        return new PoolWindow(call);
    }

    /** From the first to the last element of the window along a dimension. */
    private long span(int dimension) {
        return (sizes[dimension] - 1) * dilations[dimension] + 1;
    }

    boolean isDilated() {
        return Arrays.stream(dilations).anyMatch(dilation -> dilation != 1);
    }

    /** Number of elements of the window. */
    long elements() {
        return Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
    }

    /**
     * What is to be added so that the windows see exactly what is there: first before each
     * dimension, then behind each, negative where they do not see the end.
     */
    long[] reach() {
        long[] reach = pads.clone();
        for (int i = 0; i < dimensions; i++) {
            long seen = (places[i] - 1) * strides[i] + span(i);
            reach[dimensions + i] = seen - input[i] - pads[i];
        }
        return reach;
    }

    /** The input with a value around it, as far as the windows see. */
    Tensor around(Tensor x, double value) {
        long[] reach = reach();
        return Arrays.stream(reach).allMatch(pad -> pad == 0) ? x : Window.padded(x, reach, value);
    }

    /**
     * All windows as a view, without copying.
     *
     * @param around what {@link #around} made
     * @return [batch, channels, places..., elements of the window...]
     */
    Tensor windows(Tensor around) {
        Tensor seen = around;
        for (int i = 0; i < dimensions; i++) {
            seen = seen.unfold(i + 2, span(i), strides[i]);
            if (dilations[i] != 1) {
                seen = seen.slice(-1, new LongOptional(), new LongOptional(), dilations[i]);
            }
        }
        return seen;
    }

    /** The axes of {@link #windows} that run over the elements of a window. */
    long[] elementAxes() {
        long[] axes = new long[dimensions];
        for (int i = 0; i < dimensions; i++) {
            axes[i] = 2L + dimensions + i;
        }
        return axes;
    }
}
