package dev.fewbit.core.rounding;

import dev.fewbit.core.kernel.MatrixKernels;

/**
 * What weights should become when the layers before have changed their inputs from x to x': Y. Li
 * et al., <a href="https://arxiv.org/abs/2504.02692">GPTAQ: Efficient Finetuning-Free Quantization
 * for Asymmetric Calibration</a>, 2025.
 *
 * <p>The outputs to be kept are those of the float network, {@code W x}. The weights that come
 * closest to them on x' are a regression:
 *
 * <pre>
 * W* = argmin over V of E |W x - V x'|^2 + damping |V - W|^2
 *    = W + W (C - H') (H' + damping)^-1,    C = E x x'^T,   H' = E x' x'^T
 * </pre>
 *
 * <p>and for any V, {@code E |W x - V x'|^2} is {@code (V - W*) H' (V - W*)^T} plus what no V can
 * change (for a damping of 0). So W* is what is given to any of the algorithms here, with H'.
 */
public final class SequentialTarget {

    private static final int BAND = 32;

    private SequentialTarget() {}

    /**
     * The target.
     *
     * @param weights W
     * @param moments C and H', either both about zero or {@link PairedMoments#centered}
     * @param damping as a share of the mean of the diagonal of H'; keeps the target close to W
     *     where there is little data; 0 to 1
     * @throws IllegalArgumentException when sizes differ, or H' is singular in spite of the damping
     */
    public static WeightMatrix of(
            WeightMatrix weights, PairedMoments moments, double damping, Workers workers) {
        Hessian h = moments.quantized();
        weights.requireColumns("moments", h.width());
        int n = h.width();
        double[] factor = h.damped(damping).values();
        double[] difference = h.values().clone();
        double[] cross = moments.crossValues();
        for (int i = 0; i < difference.length; i++) {
            difference[i] = cross[i] - difference[i];
        }
        for (int i = 0; i < n; i++) {
            if (h.get(i, i) == 0) {
                // Nothing is known of this input: its weights stay.
                factor[i * n + i] = 1;
                for (int j = 0; j < n; j++) {
                    difference[j * n + i] = 0;
                }
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
                    double[] shift =
                            minusProduct(
                                    minusProduct(
                                            minusProduct(band, difference, rows, n),
                                            turned,
                                            rows,
                                            n),
                                    inverse,
                                    rows,
                                    n);
                    for (int i = 0; i < shift.length; i++) {
                        target[from * n + i] = (float) (band[i] - shift[i]);
                    }
                });
        return new WeightMatrix(target, weights.rows(), n);
    }

    private static double[] minusProduct(double[] left, double[] right, int rows, int n) {
        double[] product = new double[rows * n];
        MatrixKernels.best().subtractProduct(left, 0, n, right, 0, n, product, 0, n, rows, n, n);
        return product;
    }

    /**
     * What the bias has to be moved by so that the outputs keep their means: {@code W E[x] - V
     * E[x']}.
     *
     * @param rounded V
     * @param floatMean mean of the inputs in the float network
     * @param quantizedMean mean of the inputs that the rounded weights will see; the same as the
     *     float one if earlier layers stay float
     * @return one number for each row
     */
    public static double[] biasShift(
            WeightMatrix weights,
            WeightMatrix rounded,
            double[] floatMean,
            double[] quantizedMean) {
        weights.requireColumns("mean", floatMean.length);
        rounded.requireColumns("mean", quantizedMean.length);
        double[] shift = new double[weights.rows()];
        for (int r = 0; r < shift.length; r++) {
            for (int c = 0; c < floatMean.length; c++) {
                shift[r] += weights.get(r, c) * floatMean[c] - rounded.get(r, c) * quantizedMean[c];
            }
        }
        return shift;
    }
}
