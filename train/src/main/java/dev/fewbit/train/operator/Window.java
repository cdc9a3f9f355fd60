package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.Arrays;

/** The window of a convolution or a pooling, and what it sees beyond the edges. */
final class Window {
    private Window() {}

    /**
     * An attribute with a number for each dimension of space, such as {@code strides}; else ones.
     */
    static long[] ones(Call call, String attribute, int dimensions) {
        return given(call, attribute, dimensions, 1);
    }

    /** An attribute with a number for each dimension of space; zeros if it is left out. */
    static long[] zeros(Call call, String attribute, int dimensions) {
        return given(call, attribute, dimensions, 0);
    }

    private static long[] given(Call call, String attribute, int dimensions, long absent) {
        long[] given = call.node().intsAttribute(attribute);
        if (given == null) {
            long[] filled = new long[dimensions];
            Arrays.fill(filled, absent);
            return filled;
        }
        if (given.length != dimensions) {
            throw call.failure(
                    "has %d dimensions of space, but %d %s"
                            .formatted(dimensions, given.length, attribute));
        }
        return given;
    }

    /** Sizes of the window of a convolution. */
    static long[] sizes(Tensor kernel) {
        long[] shape = Tensors.shape(kernel);
        return Arrays.copyOfRange(shape, 2, shape.length);
    }

    /**
     * What is added, first before each dimension, then behind each, from the attributes {@code
     * pads} and {@code auto_pad}.
     */
    static long[] pads(Call call, Tensor x, long[] sizes, long[] strides, long[] dilations) {
        int dimensions = sizes.length;
        String automatic = call.node().stringAttribute("auto_pad", "NOTSET");
        long[] pads = new long[2 * dimensions];
        if (automatic.startsWith("SAME")) {
            for (int i = 0; i < dimensions; i++) {
                long length = x.size(i + 2);
                long places = Math.ceilDiv(length, strides[i]);
                long seen = (places - 1) * strides[i] + (sizes[i] - 1) * dilations[i] + 1;
                long missing = Math.max(0, seen - length);
                long less = missing / 2;
                pads[i] = automatic.equals("SAME_UPPER") ? less : missing - less;
                pads[dimensions + i] = missing - pads[i];
            }
            return pads;
        }
        return automatic.equals("VALID") ? pads : given(call, "pads", 2 * dimensions, 0);
    }

    /** Whether as much is added before each dimension as behind it. */
    static boolean isSymmetric(long[] pads) {
        int dimensions = pads.length / 2;
        return Arrays.equals(pads, 0, dimensions, pads, dimensions, pads.length);
    }

    /** A tensor with a value around its last dimensions; where pads are negative, it is cropped. */
    static Tensor padded(Tensor x, long[] pads, double value) {
        int dimensions = pads.length / 2;
        long[] backwards = new long[pads.length];
        for (int i = 0; i < dimensions; i++) {
            backwards[2 * i] = pads[dimensions - 1 - i];
            backwards[2 * i + 1] = pads[pads.length - 1 - i];
        }
        return torch.constant_pad_nd(x, backwards, new Scalar(value));
    }
}
