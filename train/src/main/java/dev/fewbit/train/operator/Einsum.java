package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Sums of products along axes that an equation names. */
final class Einsum {
    private Einsum() {}

    static void addTo(Operators.Taker all) {
        all.single("Einsum", Einsum::einsum);
    }

    private static Tensor einsum(Call call) {
        TensorVector operands = new TensorVector();
        for (int i = 0; i < call.inputs(); i++) {
            operands.push_back(call.input(i));
        }
        return torch.einsum(call.node().stringAttribute("equation", ""), operands);
    }
}
