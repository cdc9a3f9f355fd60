package dev.fewbit.train.operator;

import org.bytedeco.pytorch.global.torch;

/** Sums, products and the like of elements, with broadcasting. */
final class Arithmetic {
    private Arithmetic() {}

    static void addTo(Operators.Taker all) {
        all.single("Add", call -> call.input(0).add(call.input(1)));
        all.single("Sub", call -> call.input(0).sub(call.input(1)));
        all.single("Mul", call -> call.input(0).mul(call.input(1)));
        all.single("Sqrt", call -> torch.sqrt(call.input(0)));
        all.single("Erf", call -> torch.erf(call.input(0)));
        all.single("Pow", call -> torch.pow(call.input(0), call.input(1)));
    }
}
