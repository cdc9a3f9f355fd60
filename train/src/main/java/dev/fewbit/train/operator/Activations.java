package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Functions between layers. */
final class Activations {
    private Activations() {}

    static void addTo(Operators.Taker all) {
        all.single("Relu", call -> torch.relu(call.input(0)));
        all.single("Clip", Activations::clip);
        all.single(
                "Softmax",
                call ->
                        torch.softmax(
                                call.input(0),
                                call.axis(call.node().intAttribute("axis", -1), call.rank(0))));
    }

    private static Tensor clip(Call call) {
        return torch.clamp(call.input(0), bound(call, 1), bound(call, 2));
    }

    private static ScalarOptional bound(Call call, int index) {
        return call.has(index)
                ? new ScalarOptional(new Scalar(call.number(index)))
                : new ScalarOptional();
    }
}
