package dev.fewbit.train.operator;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Sums and products with plain numbers. */
final class Numbers {
    private Numbers() {}

    static Tensor plus(Tensor tensor, double number) {
        return tensor.add(new Scalar(number));
    }

    static Tensor times(Tensor tensor, double number) {
        return tensor.mul(new Scalar(number));
    }

    /** {@code number - tensor} */
    static Tensor minus(double number, Tensor tensor) {
        return tensor.neg().add(new Scalar(number));
    }
}
