package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** Convolutions in one to three dimensions. */
final class Convolutions {
    private Convolutions() {}

    static void addTo(Operators.Taker all) {
        all.single(
                "Conv",
                call -> convolution(call, call.input(0), call.input(1), call.inputOrNull(2)));
        all.single("ConvInteger", Convolutions::ofIntegers);
        all.single("ConvTranspose", TransposedConvolution::run);
        all.single("DeformConv", DeformableConvolution::run);
        all.single("Col2Im", ColumnsToImage::run);
    }

    private static Tensor convolution(Call call, Tensor x, Tensor weight, @Nullable Tensor bias) {
        int dimensions = call.rank(0) - 2;
        long[] strides = Window.ones(call, "strides", dimensions);
        long[] dilations = Window.ones(call, "dilations", dimensions);
        long groups = call.node().intAttribute("group", 1);
        long[] pads = Window.pads(call, x, Window.sizes(weight), strides, dilations);
        long[] symmetric = Arrays.copyOf(pads, dimensions);
        Tensor padded = x;
        if (!Window.isSymmetric(pads)) {
            padded = Window.padded(x, pads, 0);
            Arrays.fill(symmetric, 0);
        }
        return torch.convolution(
                padded,
                weight,
                optional(bias),
                strides,
                symmetric,
                dilations,
                false,
                new long[dimensions],
                groups);
    }

    static TensorOptional optional(@Nullable Tensor tensor) {
        return tensor == null ? new TensorOptional() : new TensorOptional(tensor);
    }

    /** Doubles hold every sum of products of bytes exactly. */
    private static Tensor ofIntegers(Call call) {
        Tensor x = call.input(0).to(ScalarType.Double);
        Tensor weight = call.input(1).to(ScalarType.Double);
        if (call.has(2)) {
            x = x.sub(call.input(2).to(ScalarType.Double));
        }
        if (call.has(3)) {
            // One for all, or one for each output channel.
            Tensor zero = call.input(3).to(ScalarType.Double);
            long[] shape = new long[call.rank(1)];
            Arrays.fill(shape, 1);
            shape[0] = -1;
            weight = weight.sub(zero.reshape(shape));
        }
        return convolution(call, x, weight, null).to(ScalarType.Int);
    }
}
