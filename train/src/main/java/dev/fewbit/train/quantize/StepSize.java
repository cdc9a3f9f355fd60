package dev.fewbit.train.quantize;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Learned step sizes: S. K. Esser et al., <a href="https://arxiv.org/abs/1902.08153">Learned Step
 * Size Quantization</a>, 2019. A step size is learned like a weight; its gradient is made smaller,
 * because it is summed over all elements that share it.
 */
final class StepSize {
    private StepSize() {}

    /**
     * The factor of the gradient.
     *
     * @param elements that share a step size
     * @param levels largest magnitude of a code
     */
    static double gradientFactor(double elements, double levels) {
        return 1 / Math.sqrt(Math.max(1, elements) * Math.max(1, levels));
    }

    /** The same value, with a gradient multiplied by a factor. */
    static Tensor scaled(Tensor step, double factor) {
        Tensor weak = step.mul(new Scalar(factor));
        return step.detach().add(weak.sub(weak.detach()));
    }

    /** Rounded to the nearest integer, halves to even, with the gradient of the identity. */
    static Tensor rounded(Tensor value) {
        return value.add(value.round().sub(value).detach());
    }
}
