package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

import java.util.Arrays;

/**
 * ConvTranspose in one to three dimensions: every input element adds its multiple of the kernel to
 * the output, {@code stride} places apart; {@code pads} are cropped from that.
 */
final class TransposedConvolution {
    private final Call call;
    private final int dimensions;
    private final long[] strides;
    private final long[] dilations;
    private final long[] appended;
    private final long[] pads;

    private TransposedConvolution(Call call) {
        this.call = call;
        dimensions = call.rank(0) - 2;
        strides = Window.ones(call, "strides", dimensions);
        dilations = Window.ones(call, "dilations", dimensions);
        appended = Window.zeros(call, "output_padding", dimensions);
        pads = pads();
    }

    static Tensor run(Call call) {
        return new TransposedConvolution(call).run();
    }

    private Tensor run() {
        if (fits()) {
            long[] symmetric = Arrays.copyOf(pads, dimensions);
            return convolution(Convolutions.optional(call.inputOrNull(2)), symmetric, appended);
        }
        // All that the kernels reach, cropped or filled up.
        Tensor full = convolution(new TensorOptional(), new long[dimensions], new long[dimensions]);
        long[] changes = new long[2 * dimensions];
        for (int i = 0; i < dimensions; i++) {
            changes[i] = -pads[i];
            changes[dimensions + i] = appended[i] - pads[dimensions + i];
        }
        Tensor cropped = Window.padded(full, changes, 0);
        if (!call.has(2)) {
            return cropped;
        }
        long[] channels = new long[call.rank(0) - 1];
        Arrays.fill(channels, 1);
        channels[0] = -1;
        return cropped.add(call.input(2).reshape(channels));
    }

    /** Whether libtorch knows this form. */
    private boolean fits() {
        boolean fits = Window.isSymmetric(pads) && Arrays.stream(pads).allMatch(pad -> pad >= 0);
        for (int i = 0; i < dimensions; i++) {
            fits &= appended[i] < Math.max(strides[i], dilations[i]);
        }
        return fits;
    }

    private Tensor convolution(TensorOptional bias, long[] cropped, long[] added) {
        return torch.convolution(
                call.input(0),
                call.input(1),
                bias,
                strides,
                cropped,
                dilations,
                true,
                added,
                call.node().intAttribute("group", 1));
    }

    /** What is cropped, first before each dimension, then behind each. */
    private long[] pads() {
        String automatic = call.node().stringAttribute("auto_pad", "NOTSET");
        long[] shape = call.node().intsAttribute("output_shape");
        boolean same = automatic.startsWith("SAME");
        if (shape == null && !same) {
            return Window.pads(
                    call, call.input(0), Window.sizes(call.input(1)), strides, dilations);
        }
        long[] sizes = Window.sizes(call.input(1));
        long[] found = new long[2 * dimensions];
        for (int i = 0; i < dimensions; i++) {
            long length = call.input(0).size(i + 2);
            long reached =
                    (length - 1) * strides[i] + appended[i] + (sizes[i] - 1) * dilations[i] + 1;
            long wanted =
                    shape == null ? length * strides[i] : shape[shape.length - dimensions + i];
            long surplus = reached - wanted;
            long less = Math.floorDiv(surplus, 2);
            found[i] = automatic.equals("SAME_UPPER") ? less : surplus - less;
            found[dimensions + i] = surplus - found[i];
        }
        return found;
    }
}
