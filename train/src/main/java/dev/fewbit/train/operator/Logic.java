package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.function.BinaryOperator;

/** Comparisons, truth values, bits, and the choice between two tensors. */
final class Logic {
    private Logic() {}

    static void addTo(Operators.Taker all) {
        two(all, "Equal", Tensor::eq);
        two(all, "Greater", Tensor::gt);
        two(all, "GreaterOrEqual", Tensor::ge);
        two(all, "Less", Tensor::lt);
        two(all, "LessOrEqual", Tensor::le);
        two(all, "And", torch::logical_and);
        two(all, "Or", torch::logical_or);
        two(all, "Xor", torch::logical_xor);
        two(all, "BitwiseAnd", torch::bitwise_and);
        two(all, "BitwiseOr", torch::bitwise_or);
        two(all, "BitwiseXor", torch::bitwise_xor);
        all.single("Not", call -> torch.logical_not(call.input(0)));
        all.single("BitwiseNot", Elements.widened(call -> torch.bitwise_not(call.input(0))));
        all.single("BitShift", Elements.widened(Logic::shift));
        all.single(
                "Where",
                Elements.widened(call -> torch.where(call.input(0), call.input(1), call.input(2))));
    }

    private static void two(Operators.Taker all, String opType, BinaryOperator<Tensor> function) {
        all.single(opType, Elements.widened(call -> function.apply(call.input(0), call.input(1))));
    }

    private static Tensor shift(Call call) {
        String direction = call.node().stringAttribute("direction", "");
        return switch (direction) {
            case "LEFT" -> torch.bitwise_left_shift(call.input(0), call.input(1));
            case "RIGHT" -> torch.bitwise_right_shift(call.input(0), call.input(1));
            default -> throw call.failure("shifts LEFT or RIGHT, not '" + direction + "'");
        };
    }
}
