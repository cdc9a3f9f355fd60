package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Activations that are lines for large inputs: ELU and its kin. */
final class LinearUnits {
    // The floats nearest to what the specification writes.
    private static final float SELU_ALPHA = 1.6732632f;
    private static final float SELU_GAMMA = 1.050701f;

    private LinearUnits() {}

    static void addTo(Operators.Taker all) {
        all.single("Elu", call -> elu(call, call.node().floatAttribute("alpha", 1), 1));
        all.single(
                "Selu",
                call ->
                        elu(
                                call,
                                call.node().floatAttribute("alpha", SELU_ALPHA),
                                call.node().floatAttribute("gamma", SELU_GAMMA)));
        all.single(
                "Celu",
                call ->
                        torch.celu(
                                call.input(0), new Scalar(call.node().floatAttribute("alpha", 1))));
        all.single("Gelu", LinearUnits::gelu);
    }

    private static Tensor elu(Call call, float alpha, float scale) {
        return torch.elu(call.input(0), new Scalar(alpha), new Scalar(scale), new Scalar(1));
    }

    private static Tensor gelu(Call call) {
        String form = call.node().stringAttribute("approximate", "none");
        return switch (form) {
            case "none", "tanh" -> torch.gelu(call.input(0), form);
            default -> throw call.failure("has the unknown approximation '" + form + "'");
        };
    }
}
