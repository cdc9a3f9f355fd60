package dev.fewbit.onnx.shape;

import dev.fewbit.onnx.graph.Node;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The shapes of convolutions and pooling. Along each spatial axis, with {@code window = dilation *
 * (kernel - 1) + 1}: {@code output = floor((input + pads - window) / stride) + 1}.
 */
final class WindowShapes {

    private static final long UNKNOWN = -1;

    private WindowShapes() {}

    static long @Nullable [] infer(Node node, long @Nullable [] data, ValueShapes values) {
        if (data == null || data.length < 3) {
            return null;
        }
        boolean pools = node.opType().endsWith("Pool");
        boolean transposed = node.is("ConvTranspose");
        long[] weight = pools ? null : values.shape(node.input(1));
        if (!pools && (weight == null || weight.length != data.length)) {
            return null;
        }
        long[] result = values.symbols().sizes(data.length);
        result[0] = data[0];
        if (weight == null) {
            result[1] = data[1];
        } else if (!transposed) {
            result[1] = weight[0];
        } else if (Extent.isKnown(weight[1])) {
            result[1] = weight[1] * node.intAttribute("group", 1);
        }
        int spatial = data.length - 2;
        long[] kernel = node.intsAttribute("kernel_shape");
        if (kernel == null && weight != null) {
            kernel = Arrays.copyOfRange(weight, 2, weight.length);
        }
        boolean plain = !transposed || node.attribute("output_shape") == null;
        if (kernel == null || kernel.length != spatial || !Extent.areKnown(kernel) || !plain) {
            return result;
        }
        for (int axis = 0; axis < spatial; axis++) {
            long size = data[2 + axis];
            long known =
                    transposed
                            ? transposed(node, axis, spatial, size, kernel[axis])
                            : window(node, axis, spatial, size, kernel[axis]);
            if (known != UNKNOWN) {
                result[2 + axis] = known;
            }
        }
        return result;
    }

    private static long window(Node node, int axis, int spatial, long size, long kernel) {
        long stride = at(node, "strides", axis, 1);
        long extent = at(node, "dilations", axis, 1) * (kernel - 1) + 1;
        String automatic = node.stringAttribute("auto_pad", "NOTSET");
        if (stride < 1) {
            return UNKNOWN;
        }
        if (automatic.startsWith("SAME")) {
            return stride == 1 ? size : Extent.isKnown(size) ? Math.ceilDiv(size, stride) : UNKNOWN;
        }
        long pads =
                automatic.equals("VALID")
                        ? 0
                        : at(node, "pads", axis, 0) + at(node, "pads", axis + spatial, 0);
        if (stride == 1 && pads == extent - 1) {
            return size;
        }
        if (!Extent.isKnown(size) || size + pads < extent) {
            return UNKNOWN;
        }
        long free = size + pads - extent;
        if (node.intAttribute("ceil_mode", 0) == 0) {
            return free / stride + 1;
        }
        // Whether a last window that would begin in the padding counts differs between versions.
        long windows = Math.ceilDiv(free, stride) + 1;
        return (windows - 1) * stride >= size + at(node, "pads", axis, 0) ? UNKNOWN : windows;
    }

    private static long transposed(Node node, int axis, int spatial, long size, long kernel) {
        long stride = at(node, "strides", axis, 1);
        String automatic = node.stringAttribute("auto_pad", "NOTSET");
        if (!Extent.isKnown(size) || !automatic.equals("NOTSET")) {
            return UNKNOWN;
        }
        long extent = at(node, "dilations", axis, 1) * (kernel - 1) + 1;
        long pads = at(node, "pads", axis, 0) + at(node, "pads", axis + spatial, 0);
        long length = stride * (size - 1) + at(node, "output_padding", axis, 0) + extent - pads;
        return length < 0 ? UNKNOWN : length;
    }

    private static long at(Node node, String attribute, int index, long absent) {
        long[] values = node.intsAttribute(attribute);
        return values == null || index >= values.length ? absent : values[index];
    }
}
