package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The window of a convolution or a pooling, and what it sees beyond the edges. */
final class Window {
    private Window() {}

    /**
     * What is added, first before each dimension, then behind each, from the attributes {@code
     * pads} and {@code auto_pad}.
     */
    static long[] pads(Call call, Tensor x, Tensor kernel, long[] strides, long[] dilations) {
        long[] shape = Tensors.shape(kernel);
        long[] sizes = new long[shape.length - 2];
        System.arraycopy(shape, 2, sizes, 0, sizes.length);
        return pads(call, x, sizes, strides, dilations);
    }

    /** The same for a window of these sizes. */
    static long[] pads(Call call, Tensor x, long[] sizes, long[] strides, long[] dilations) {
        int dimensions = sizes.length;
        long[] pads = call.node().intsAttribute("pads");
        String automatic = call.node().stringAttribute("auto_pad", "NOTSET");
        if (automatic.startsWith("SAME")) {
            pads = new long[2 * dimensions];
            for (int i = 0; i < dimensions; i++) {
                long length = x.size(i + 2);
                long places = Math.ceilDiv(length, strides[i]);
                long seen = (places - 1) * strides[i] + (sizes[i] - 1) * dilations[i] + 1;
                long missing = Math.max(0, seen - length);
                long less = missing / 2;
                pads[i] = automatic.equals("SAME_UPPER") ? less : missing - less;
                pads[dimensions + i] = missing - pads[i];
            }
        }
        return pads == null || automatic.equals("VALID") ? new long[2 * dimensions] : pads;
    }

    /** A tensor with a value around its last dimensions. */
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
