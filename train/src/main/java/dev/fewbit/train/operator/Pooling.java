package dev.fewbit.train.operator;

import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.stream.LongStream;

/** Windows of elements made one. */
final class Pooling {
    private Pooling() {}

    static void addTo(Operators.Taker all) {
        all.single("GlobalAveragePool", Pooling::globalAverage);
    }

    private static Tensor globalAverage(Call call) {
        long[] axes = LongStream.range(2, call.rank(0)).toArray();
        return torch.mean(call.input(0), axes, true, new ScalarTypeOptional());
    }
}
