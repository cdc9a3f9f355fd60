package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * DeformConv in two dimensions: a convolution whose kernel elements each look at a place of their
 * own, moved by an offset and read by linear interpolation; beyond the edges there are zeros.
 *
 * <p>Source: Dai et al., <a href="https://arxiv.org/abs/1703.06211">Deformable Convolutional
 * Networks</a>; with a mask, <a href="https://arxiv.org/abs/1811.11168">version 2</a>.
 */
final class DeformableConvolution {
    private static final int LINEAR = 0;
    private static final int ZEROS = 0;

    private final Call call;
    private final Tensor x;
    private final Tensor weight;
    private final long batch;
    private final long groups;
    private final long offsetGroups;
    private final long elements;
    private final long height;
    private final long width;

    private DeformableConvolution(Call call) {
        this.call = call;
        x = call.input(0);
        weight = call.input(1);
        if (x.dim() != 4) {
            throw call.failure("is supported in two dimensions of space, not " + (x.dim() - 2));
        }
        batch = x.size(0);
        groups = call.node().intAttribute("group", 1);
        offsetGroups = call.node().intAttribute("offset_group", 1);
        elements = weight.size(2) * weight.size(3);
        height = call.input(2).size(2);
        width = call.input(2).size(3);
    }

    static Tensor run(Call call) {
        return new DeformableConvolution(call).run();
    }

    private Tensor run() {
        long channels = x.size(1);
        Tensor image =
                x.reshape(batch * offsetGroups, channels / offsetGroups, x.size(2), x.size(3));
        // [batch * offset groups, channels of one, kernel elements, places]
        Tensor seen = torch.grid_sampler(image, places(), LINEAR, ZEROS, false);
        seen = seen.reshape(batch * offsetGroups, -1, elements, height * width);
        if (call.has(4)) {
            seen =
                    seen.mul(
                            call.input(4)
                                    .reshape(batch * offsetGroups, 1, elements, height * width));
        }
        seen = seen.reshape(batch, groups, channels / groups * elements, height * width);
        Tensor kernels = weight.reshape(groups, weight.size(0) / groups, -1);
        Tensor sums = torch.matmul(kernels, seen).reshape(batch, weight.size(0), height, width);
        return call.has(3) ? sums.add(call.input(3).reshape(-1, 1, 1)) : sums;
    }

    /**
     * Where each kernel element looks, [batch * offset groups, kernel elements, places, 2], x
     * before y, -1 and 1 being the outer edges of the image.
     */
    private Tensor places() {
        Tensor offsets = call.input(2).reshape(batch * offsetGroups, elements, 2, height * width);
        Tensor down = offsets.select(2, 0).add(undeformed(0));
        Tensor right = offsets.select(2, 1).add(undeformed(1));
        return torch.stack(new TensorVector(scaled(right, x.size(3)), scaled(down, x.size(2))), 3);
    }

    private static Tensor scaled(Tensor places, long size) {
        return Numbers.plus(Numbers.times(places, 2.0 / size), 1.0 / size - 1);
    }

    /** Where the elements look along one axis without offsets, [kernel elements, places]. */
    private Tensor undeformed(int axis) {
        long stride = Window.ones(call, "strides", 2)[axis];
        long dilation = Window.ones(call, "dilations", 2)[axis];
        long start = -Window.zeros(call, "pads", 4)[axis];
        int columns = Math.toIntExact(width);
        int kernelColumns = Math.toIntExact(weight.size(3));
        int places = Math.toIntExact(height * width);
        float[] all = new float[Math.toIntExact(elements) * places];
        for (int i = 0; i < all.length; i++) {
            int element = i / places;
            int place = i % places;
            int step = axis == 0 ? place / columns : place % columns;
            int within = axis == 0 ? element / kernelColumns : element % kernelColumns;
            all[i] = start + step * stride + within * dilation;
        }
        return Tensors.ofFloats(all, elements, places).to(x.scalar_type());
    }
}
