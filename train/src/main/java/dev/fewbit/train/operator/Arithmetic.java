package dev.fewbit.train.operator;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

import java.util.function.BinaryOperator;

/** Sums, products and the like of elements of several tensors, with broadcasting. */
final class Arithmetic {
    private Arithmetic() {}

    static void addTo(Operators.Taker all) {
        two(all, "Add", Tensor::add);
        two(all, "Sub", Tensor::sub);
        two(all, "Mul", Tensor::mul);
        two(all, "Div", Arithmetic::quotient);
        all.single("Mod", Elements.widened(Arithmetic::mod));
        all.single("Pow", Elements.widened(Arithmetic::pow));
        many(all, "Sum", Tensor::add);
        many(all, "Min", torch::minimum);
        many(all, "Max", torch::maximum);
        all.single(
                "Mean", call -> folded(call, Tensor::add).div(new Scalar((double) call.inputs())));
    }

    private static void two(Operators.Taker all, String opType, BinaryOperator<Tensor> function) {
        all.single(opType, Elements.widened(call -> function.apply(call.input(0), call.input(1))));
    }

    private static void many(Operators.Taker all, String opType, BinaryOperator<Tensor> function) {
        all.single(opType, Elements.widened(call -> folded(call, function)));
    }

    private static Tensor folded(Call call, BinaryOperator<Tensor> function) {
        Tensor result = call.same(call.input(0));
        for (int i = 1; i < call.inputs(); i++) {
            result = function.apply(result, call.input(i));
        }
        return result;
    }

    /** Of integers, what is left of the point. */
    static Tensor quotient(Tensor dividend, Tensor divisor) {
        if (Elements.areFloats(dividend)) {
            return dividend.div(divisor);
        }
        // A view of the characters: they have to outlive the call.
        BytePointer rounding = new BytePointer("trunc");
        return torch.div(dividend, divisor, new StringViewOptional(rounding));
    }

    private static Tensor mod(Call call) {
        return call.node().intAttribute("fmod", 0) != 0
                ? torch.fmod(call.input(0), call.input(1))
                : torch.remainder(call.input(0), call.input(1));
    }

    private static Tensor pow(Call call) {
        Tensor base = call.input(0);
        Tensor exponent = call.input(1);
        boolean isNumber = exponent.numel() == 1 && exponent.dim() <= base.dim();
        if (isNumber && Elements.areFloats(base) && !exponent.requires_grad()) {
            // Squares and roots are much faster than powers.
            return torch.pow(base, new Scalar(exponent.item_double()));
        }
        return torch.pow(base, exponent).to(Elements.type(base));
    }
}
