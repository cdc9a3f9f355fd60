package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.function.UnaryOperator;

/** Functions of single elements. */
final class ElementFunctions {
    private ElementFunctions() {}

    static void addTo(Operators.Taker all) {
        one(all, "Neg", torch::neg);
        one(all, "Abs", torch::abs);
        one(all, "Sign", torch::sign);
        one(all, "Reciprocal", torch::reciprocal);
        one(all, "Sqrt", torch::sqrt);
        one(all, "Exp", torch::exp);
        one(all, "Log", torch::log);
        one(all, "Erf", torch::erf);
        one(all, "Floor", torch::floor);
        one(all, "Ceil", torch::ceil);
        // Halves go to the even neighbour in both.
        one(all, "Round", torch::round);
        one(all, "Sin", torch::sin);
        one(all, "Cos", torch::cos);
        one(all, "Tan", torch::tan);
        one(all, "Asin", torch::asin);
        one(all, "Acos", torch::acos);
        one(all, "Atan", torch::atan);
        one(all, "Sinh", torch::sinh);
        one(all, "Cosh", torch::cosh);
        one(all, "Tanh", torch::tanh);
        one(all, "Asinh", torch::asinh);
        one(all, "Acosh", torch::acosh);
        one(all, "Atanh", torch::atanh);
        one(all, "IsNaN", torch::isnan);
        all.single("IsInf", ElementFunctions::isInfinite);
    }

    private static void one(Operators.Taker all, String opType, UnaryOperator<Tensor> function) {
        all.single(opType, Elements.widened(call -> function.apply(call.input(0))));
    }

    private static Tensor isInfinite(Call call) {
        Tensor x = call.input(0);
        boolean below = call.node().intAttribute("detect_negative", 1) != 0;
        boolean above = call.node().intAttribute("detect_positive", 1) != 0;
        if (below && above) {
            return torch.isinf(x);
        }
        if (below) {
            return torch.isneginf(x);
        }
        return above ? torch.isposinf(x) : torch.zeros_like(x).to(torch.ScalarType.Bool);
    }
}
