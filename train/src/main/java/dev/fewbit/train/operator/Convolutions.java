package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

import java.util.Arrays;

/** Convolutions in one to three dimensions. */
final class Convolutions {
    private Convolutions() {}

    static void addTo(Operators.Taker all) {
        all.single("Conv", Convolutions::conv);
    }

    private static Tensor conv(Call call) {
        int dimensions = call.rank(0) - 2;
        long[] strides = attribute(call, "strides", dimensions);
        long[] dilations = attribute(call, "dilations", dimensions);
        long groups = call.node().intAttribute("group", 1);
        Tensor x = call.input(0);
        long[] pads = Window.pads(call, x, call.input(1), strides, dilations);
        long[] symmetric = Arrays.copyOf(pads, dimensions);
        if (!Arrays.equals(symmetric, Arrays.copyOfRange(pads, dimensions, 2 * dimensions))) {
            x = Window.padded(x, pads, 0);
            Arrays.fill(symmetric, 0);
        }
        TensorOptional bias =
                call.has(2) ? new TensorOptional(call.input(2)) : new TensorOptional();
        return torch.convolution(
                x,
                call.input(1),
                bias,
                strides,
                symmetric,
                dilations,
                false,
                new long[dimensions],
                groups);
    }

    private static long[] attribute(Call call, String name, int dimensions) {
        long[] given = call.node().intsAttribute(name);
        if (given != null) {
            return given;
        }
        long[] ones = new long[dimensions];
        Arrays.fill(ones, 1);
        return ones;
    }
}
