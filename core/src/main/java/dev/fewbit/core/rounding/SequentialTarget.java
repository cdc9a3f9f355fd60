package dev.fewbit.core.rounding;

import dev.fewbit.core.kernel.MatrixKernels;

/**
 * What weights should become when the layers before have changed their inputs from those of the
 * float network to x: Y. Li et al., <a href="https://arxiv.org/abs/2504.02692">GPTAQ: Efficient
 * Finetuning-Free Quantization for Asymmetric Calibration</a>, 2025.
 *
 * <p>The outputs y to be kept are those of the float network, or what makes up for an error that
 * will be added to them. The weights that come closest to them on x are a regression:
 *
 * <pre>
 * W* = argmin over V of E |y - V x|^2 + damping |V - W|^2
 *    = W + (T - W H) (H + damping)^-1,    T = E y x^T,   H = E x x^T
 * </pre>
 *
 * <p>and for any V, {@code E |y - V x|^2} is {@code (V - W*) H (V - W*)^T} plus what no V can
 * change (for a damping of 0). So W* is what is given to any of the algorithms here, with H.
 */
public final class SequentialTarget {

    private static final int BAND = 32;

    private SequentialTarget() {}

    /**
     * The target.
     *
     * @param weights W
     * @param moments T and H, either both about zero or {@link OutputMoments#centered}
     * @param damping as a share of the mean of the diagonal of H; keeps the target close to W where
     *     there is little data; 0 to 1
     * @throws IllegalArgumentException when sizes differ, or H is singular in spite of the damping
     */
    public static WeightMatrix of(
            WeightMatrix weights, OutputMoments moments, double damping, Workers workers) {
        Hessian h = moments.inputs();
        weights.requireColumns("moments", h.width());
        if (weights.rows() != moments.outputs()) {
            throw new IllegalArgumentException(
                    "weights of %d rows do not make %d outputs"
                            .formatted(weights.rows(), moments.outputs()));
        }
        int n = h.width();
        double[] factor = h.damped(damping).values();
        boolean[] unknown = new boolean[n];
        for (int i = 0; i < n; i++) {
            if (h.get(i, i) == 0) {
                // Nothing is known of this input: its weights stay.
                factor[i * n + i] = 1;
                unknown[i] = true;
            }
        }
        if (!Triangular.cholesky(factor, n, workers)) {
            throw new IllegalArgumentException(
                    ("the moments of the inputs are singular with a damping of %s;"
                                    + " collect more samples or damp more")
                            .formatted(damping));
        }
        double[] inverse = Triangular.invert(factor, n, workers);
        double[] turned = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                turned[j * n + i] = inverse[i * n + j];
            }
        }
        float[] target = weights.toArray();
        workers.runRanges(
                weights.rows(),
                BAND,
                (from, to) -> {
                    int rows = to - from;
                    double[] band = new double[rows * n];
                    for (int r = 0; r < rows; r++) {
                        weights.copyRow(from + r, band, r * n);
                    }
                    // T - W H, and then its negative twice: subtracting is what there is a kernel
                    // for.
                    double[] missing = minusProduct(band, h.values(), rows, n);
                    for (int i = 0; i < missing.length; i++) {
                        missing[i] =
                                unknown[i % n]
                                        ? 0
                                        : missing[i] + moments.cross(from + i / n, i % n);
                    }
                    double[] shift =
                            minusProduct(minusProduct(missing, turned, rows, n), inverse, rows, n);
                    for (int i = 0; i < shift.length; i++) {
                        target[from * n + i] = (float) (band[i] + shift[i]);
                    }
                });
        return new WeightMatrix(target, weights.rows(), n);
    }

    private static double[] minusProduct(double[] left, double[] right, int rows, int n) {
        double[] product = new double[rows * n];
        MatrixKernels.best().subtractProduct(left, 0, n, right, 0, n, product, 0, n, rows, n, n);
        return product;
    }
}
