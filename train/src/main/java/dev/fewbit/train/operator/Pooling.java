package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.stream.LongStream;

/** Windows of elements made one. */
final class Pooling {
    private Pooling() {}

    static void addTo(Operators.Taker all) {
        all.single("GlobalAveragePool", Pooling::globalAverage);
        all.single("GlobalMaxPool", call -> torch.amax(call.input(0), space(call), true));
        all.single("GlobalLpPool", Pooling::globalNorm);
        all.take("MaxPool", MaxPooling::run);
        all.single("AveragePool", AveragePooling::run);
        all.single("LpPool", Pooling::norm);
    }

    /** The axes of space, behind those of batch and channels. */
    private static long[] space(Call call) {
        return LongStream.range(2, call.rank(0)).toArray();
    }

    private static Tensor globalAverage(Call call) {
        return torch.mean(call.input(0), space(call), true, new ScalarTypeOptional());
    }

    private static Tensor globalNorm(Call call) {
        return torch.linalg_vector_norm(
                call.input(0), order(call), space(call), true, new ScalarTypeOptional());
    }

    private static Tensor norm(Call call) {
        PoolWindow window = PoolWindow.of(call);
        return torch.linalg_vector_norm(
                window.windows(window.around(call.input(0), 0)),
                order(call),
                window.elementAxes(),
                false,
                new ScalarTypeOptional());
    }

    private static Scalar order(Call call) {
        return new Scalar((double) call.node().intAttribute("p", 2));
    }
}
