package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

import java.util.Arrays;

/** Normalizations of images by channel: batch, instance, group, and local response. */
final class ChannelNormalizations {
    private static final float EPSILON = 1e-5F;

    /** Of running means, which are only read. */
    private static final double NO_MOMENTUM = 0;

    private ChannelNormalizations() {}

    static void addTo(Operators.Taker all) {
        all.single("BatchNormalization", ChannelNormalizations::batch);
        all.single("InstanceNormalization", ChannelNormalizations::instance);
        all.single("GroupNormalization", ChannelNormalizations::group);
        all.single("LRN", ChannelNormalizations::localResponse);
    }

    private static double epsilon(Call call) {
        return call.node().floatAttribute("epsilon", EPSILON);
    }

    private static TensorOptional given(Call call, int index) {
        return new TensorOptional(call.input(index));
    }

    private static Tensor batch(Call call) {
        if (call.node().intAttribute("training_mode", 0) != 0) {
            throw call.failure(
                    "has training_mode=1; networks are trained with the statistics they have");
        }
        Tensor mean = call.input(3);
        Tensor variance = call.input(4);
        if (mean.requires_grad() || variance.requires_grad()) {
            // libtorch knows no gradients of these.
            Tensor factor = call.input(1).mul(Numbers.plus(variance, epsilon(call)).rsqrt());
            Tensor centred = call.input(0).sub(perChannel(mean, call));
            return centred.mul(perChannel(factor, call)).add(perChannel(call.input(2), call));
        }
        return torch.batch_norm(
                call.input(0),
                given(call, 1),
                given(call, 2),
                given(call, 3),
                given(call, 4),
                false,
                NO_MOMENTUM,
                epsilon(call),
                false);
    }

    private static Tensor perChannel(Tensor values, Call call) {
        long[] shape = new long[Math.max(1, call.rank(0) - 1)];
        Arrays.fill(shape, 1);
        shape[0] = -1;
        return values.reshape(shape);
    }

    private static Tensor instance(Call call) {
        return torch.instance_norm(
                call.input(0),
                given(call, 1),
                given(call, 2),
                new TensorOptional(),
                new TensorOptional(),
                true,
                NO_MOMENTUM,
                epsilon(call),
                false);
    }

    private static Tensor group(Call call) {
        long groups = call.node().intAttribute("num_groups", 1);
        return torch.group_norm(
                call.input(0), groups, given(call, 1), given(call, 2), epsilon(call), false);
    }

    /** Each element over a power of the squares around it, in the channels before and behind. */
    private static Tensor localResponse(Call call) {
        Tensor x = call.input(0);
        long size = call.node().intAttribute("size", 1);
        long rest = 1;
        for (int axis = 2; axis < call.rank(0); axis++) {
            rest *= x.size(axis);
        }
        Tensor squares = x.square().reshape(x.size(0), x.size(1), rest);
        long before = (size - 1) / 2;
        Tensor padded = Window.padded(squares, new long[] {before, 0, size - 1 - before, 0}, 0);
        Tensor sums =
                padded.unfold(1, size, 1).sum(new long[] {-1}, false, new ScalarTypeOptional());
        double alpha = call.node().floatAttribute("alpha", 1e-4F);
        double beta = call.node().floatAttribute("beta", 0.75F);
        double bias = call.node().floatAttribute("bias", 1);
        Tensor divisor =
                Numbers.plus(Numbers.times(sums, alpha / size), bias).pow(new Scalar(-beta));
        return x.mul(divisor.reshape_as(x));
    }
}
