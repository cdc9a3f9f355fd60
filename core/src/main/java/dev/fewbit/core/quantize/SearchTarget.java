package dev.fewbit.core.quantize;

import dev.fewbit.core.kernel.AffineKernels;

/**
 * What {@link LeastSquaresSearch} looks for parameters of: sixteen groups side by side, or one
 * group that fills all lanes and has the same sums in each.
 *
 * <p>Candidate k of lane l has index {@code k * LANES + l} in every array of candidates.
 */
interface SearchTarget {

    /** Groups side by side. */
    int LANES = AffineKernels.LANES;

    /** Squared errors of candidates, fast, for comparison among themselves. */
    void searchErrors(int candidates, float[] scales, int[] zeroPoints, double[] errors);

    /** Squared errors of candidates as quantization will have them. */
    void exactErrors(int candidates, float[] scales, int[] zeroPoints, double[] errors);

    /**
     * Sums for a regression of the values on their steps c from the zero point, for one candidate a
     * lane.
     *
     * @param moments receives {@link #LANES} sums each of c, c^2, x, x c, x^2
     */
    void moments(float[] scales, int[] zeroPoints, double[] moments);
}
