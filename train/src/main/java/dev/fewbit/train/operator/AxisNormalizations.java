package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Normalizations over axes: layer, root mean square, norm, mean and variance. */
final class AxisNormalizations {
    private static final float EPSILON = 1e-5F;
    private static final long[] BATCH_AND_SPACE = {0, 2, 3};

    private AxisNormalizations() {}

    static void addTo(Operators.Taker all) {
        all.take("LayerNormalization", AxisNormalizations::layer);
        all.single("RMSNormalization", AxisNormalizations::rootMeanSquare);
        all.single("LpNormalization", AxisNormalizations::norm);
        all.single("MeanVarianceNormalization", AxisNormalizations::meanAndVariance);
    }

    /** The axes from the one that the attribute says to the last. */
    private static long[] axes(Call call) {
        int rank = call.rank(0);
        return LongStream.range(call.axis(call.node().intAttribute("axis", -1), rank), rank)
                .toArray();
    }

    private static double epsilon(Call call) {
        return call.node().floatAttribute("epsilon", EPSILON);
    }

    private static List<? extends @Nullable Tensor> layer(Call call) {
        Tensor x = call.input(0);
        long[] axes = axes(call);
        boolean statistics = call.wants(1) || call.wants(2);
        if (!statistics) {
            return List.of(layerOnly(call, axes));
        }
        // As the specification writes it; libtorch gives no gradients of these two.
        Tensor stashed = stashed(call);
        Tensor mean = torch.mean(stashed, axes, true, new ScalarTypeOptional());
        Tensor centred = stashed.sub(mean);
        Tensor variance = torch.mean(centred.square(), axes, true, new ScalarTypeOptional());
        Tensor inverse = Numbers.plus(variance, epsilon(call)).rsqrt();
        Tensor y = centred.mul(inverse).to(x.scalar_type()).mul(call.input(1));
        return List.of(call.has(2) ? y.add(call.input(2)) : y, mean, inverse);
    }

    private static Tensor layerOnly(Call call, long[] axes) {
        Tensor x = call.input(0);
        long[] sizes = Arrays.copyOfRange(Tensors.shape(x), (int) axes[0], call.rank(0));
        boolean known = Arrays.equals(Tensors.shape(call.input(1)), sizes);
        known &= !call.has(2) || Arrays.equals(Tensors.shape(call.input(2)), sizes);
        TensorOptional scale = Convolutions.optional(known ? call.input(1) : null);
        TensorOptional bias = Convolutions.optional(known ? call.inputOrNull(2) : null);
        T_TensorTensorTensor_T all = torch.native_layer_norm(x, sizes, scale, bias, epsilon(call));
        Tensor y = new Tensor(all.get0());
        if (known) {
            return y;
        }
        y = y.mul(call.input(1));
        return call.has(2) ? y.add(call.input(2)) : y;
    }

    private static Tensor rootMeanSquare(Call call) {
        Tensor stashed = stashed(call);
        Tensor squares = torch.mean(stashed.square(), axes(call), true, new ScalarTypeOptional());
        Tensor normal = stashed.mul(Numbers.plus(squares, epsilon(call)).rsqrt());
        return normal.to(call.input(0).scalar_type()).mul(call.input(1));
    }

    /**
     * The input in the type that statistics are computed in: 32-bit floats, unless told otherwise.
     */
    private static Tensor stashed(Call call) {
        Tensor x = call.input(0);
        boolean wide = x.scalar_type().intern() == ScalarType.Double;
        return call.node().intAttribute("stash_type", 1) == 1 && !wide ? x.to(ScalarType.Float) : x;
    }

    private static Tensor norm(Call call) {
        Tensor x = call.input(0);
        long[] axis = {call.axis(call.node().intAttribute("axis", -1), call.rank(0))};
        Scalar order = new Scalar((double) call.node().intAttribute("p", 2));
        Tensor norm = torch.linalg_vector_norm(x, order, axis, true, new ScalarTypeOptional());
        // Zeros stay zeros.
        return x.div(norm.masked_fill(norm.eq(new Scalar(0)), new Scalar(1)));
    }

    private static Tensor meanAndVariance(Call call) {
        long[] given = call.node().intsAttribute("axes");
        long[] axes = given == null ? BATCH_AND_SPACE : given;
        Tensor x = call.input(0);
        Tensor centred = x.sub(torch.mean(x, axes, true, new ScalarTypeOptional()));
        Tensor variance = torch.mean(centred.square(), axes, true, new ScalarTypeOptional());
        // Inside the root, so that there is a gradient where all elements are equal.
        return centred.mul(Numbers.plus(variance, 1e-9).rsqrt());
    }
}
