package dev.fewbit.train.operator;

import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.stream.LongStream;

/** Many elements made one. */
final class Reductions {
    private Reductions() {}

    static void addTo(Operators.Taker all) {
        all.single("ReduceMean", Reductions::mean);
    }

    private static Tensor mean(Call call) {
        long[] axes = call.longsOrNull(1);
        if (axes == null || axes.length == 0) {
            if (call.node().intAttribute("noop_with_empty_axes", 0) != 0) {
                return call.same(call.input(0));
            }
            axes = LongStream.range(0, call.rank(0)).toArray();
        }
        boolean keeps = call.node().intAttribute("keepdims", 1) != 0;
        return torch.mean(call.input(0), axes, keeps, new ScalarTypeOptional());
    }
}
