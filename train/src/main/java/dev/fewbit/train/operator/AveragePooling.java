package dev.fewbit.train.operator;

import dev.fewbit.train.torch.Tensors;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.Arrays;

/**
 * AveragePool: the mean of each window over the elements that count: those of the input, or those
 * of the padding that was asked for as well.
 */
final class AveragePooling {
    private final PoolWindow window;
    private final boolean paddingCounts;

    private AveragePooling(Call call) {
        window = PoolWindow.of(call);
        paddingCounts = call.node().intAttribute("count_include_pad", 0) != 0;
    }

    static Tensor run(Call call) {
        return new AveragePooling(call).run(call.input(0));
    }

    private Tensor run(Tensor x) {
        Tensor around = window.around(x, 0);
        Tensor mean =
                window.isDilated()
                        ? window.windows(around)
                                .mean(window.elementAxes(), false, new ScalarTypeOptional())
                        : mean(around);
        for (int i = 0; i < window.dimensions; i++) {
            long[] counts = counts(i);
            float[] factors = new float[counts.length];
            boolean neutral = true;
            for (int place = 0; place < counts.length; place++) {
                factors[place] = (float) window.sizes[i] / counts[place];
                neutral &= factors[place] == 1;
            }
            if (!neutral) {
                long[] shape = new long[window.dimensions - i];
                Arrays.fill(shape, 1);
                shape[0] = counts.length;
                mean = mean.mul(Tensors.ofFloats(factors, shape).to(x.scalar_type()));
            }
        }
        return mean;
    }

    /** The mean over all that the windows see. */
    private Tensor mean(Tensor around) {
        long[] sizes = window.sizes;
        long[] strides = window.strides;
        long[] none = new long[window.dimensions];
        LongOptional all = new LongOptional();
        return switch (window.dimensions) {
            case 1 -> torch.avg_pool1d(around, sizes, strides, none, false, true);
            case 2 -> torch.avg_pool2d(around, sizes, strides, none, false, true, all);
            default -> torch.avg_pool3d(around, sizes, strides, none, false, true, all);
        };
    }

    /** How many elements along a dimension count at each place. */
    private long[] counts(int dimension) {
        long first = paddingCounts ? -window.pads[dimension] : 0;
        long end =
                window.input[dimension]
                        + (paddingCounts ? window.pads[window.dimensions + dimension] : 0);
        long[] counts = new long[Math.toIntExact(window.places[dimension])];
        for (int place = 0; place < counts.length; place++) {
            long start = place * window.strides[dimension] - window.pads[dimension];
            for (int i = 0; i < window.sizes[dimension]; i++) {
                long seen = start + i * window.dilations[dimension];
                counts[place] += seen >= first && seen < end ? 1 : 0;
            }
        }
        return counts;
    }
}
