package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Sums and products of all elements up to each. */
final class RunningTotals {
    private RunningTotals() {}

    @FunctionalInterface
    private interface Total {
        Tensor along(Tensor x, long axis, ScalarTypeOptional type);
    }

    static void addTo(Operators.Taker all) {
        all.single("CumSum", Elements.widened(call -> total(call, torch::cumsum, 0)));
        all.single("CumProd", Elements.widened(call -> total(call, torch::cumprod, 1)));
    }

    private static Tensor total(Call call, Total function, long neutral) {
        boolean reverse = call.node().intAttribute("reverse", 0) != 0;
        int axis = call.axis(call.longs(1)[0], call.rank(0));
        Tensor x = reverse ? call.input(0).flip(axis) : call.input(0);
        // Without a type, small integers would become those of 64 bits.
        Tensor result = function.along(x, axis, new ScalarTypeOptional(Elements.type(x)));
        if (call.node().intAttribute("exclusive", 0) != 0) {
            result = shifted(result, axis, neutral);
        }
        return reverse ? result.flip(axis) : result;
    }

    /** One place further, the neutral element first. */
    private static Tensor shifted(Tensor x, int axis, long neutral) {
        long[] pads = new long[Math.toIntExact(2 * (x.dim() - axis))];
        pads[pads.length - 2] = 1;
        pads[pads.length - 1] = -1;
        return torch.constant_pad_nd(x, pads, new Scalar(neutral));
    }
}
