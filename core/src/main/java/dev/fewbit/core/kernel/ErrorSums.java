package dev.fewbit.core.kernel;

import dev.fewbit.core.statistics.ErrorStatistics;

import java.util.Arrays;

/**
 * Partial sums of what quantization costs, one for each lane, so that kernels need not reduce them
 * for every group. Mutable, not thread-safe, reusable.
 */
public final class ErrorSums {

    private static final int ERROR_SQUARES = 0;
    private static final int ORIGINAL_SQUARES = AffineKernels.LANES;
    private static final int ERROR_PRODUCTS = 2 * AffineKernels.LANES;
    private static final int MAXIMUM = 3 * AffineKernels.LANES;

    /** Sums of e^2, of x^2, of x e, and maxima of |e|: {@link AffineKernels#LANES} of each. */
    final double[] lanes = new double[4 * AffineKernels.LANES];

    private long count;

    /** Sums of nothing. */
    public ErrorSums() {}

    /** Back to sums of nothing. */
    public void clear() {
        Arrays.fill(lanes, 0);
        count = 0;
    }

    /** Counts elements that a kernel has added to the lanes. */
    void count(long elements) {
        count += elements;
    }

    /** The sums so far. */
    public ErrorStatistics toStatistics() {
        double errorSquares = reduce(lanes, ERROR_SQUARES);
        double originalSquares = reduce(lanes, ORIGINAL_SQUARES);
        double errorProducts = reduce(lanes, ERROR_PRODUCTS);
        double maximum = 0;
        for (int i = 0; i < AffineKernels.LANES; i++) {
            maximum = Math.max(maximum, lanes[MAXIMUM + i]);
        }
        // With y = x - e: x y = x^2 - x e and y^2 = x^2 - 2 x e + e^2. Rounding can take the square
        // below zero only where all of it is rounding.
        return new ErrorStatistics(
                count,
                errorSquares,
                originalSquares,
                originalSquares - errorProducts,
                Math.max(0, originalSquares - 2 * errorProducts + errorSquares),
                maximum);
    }

    /**
     * The sum of {@link AffineKernels#LANES} numbers as a binary tree, lane i with lane i + half.
     */
    static double reduce(double[] lanes, int at) {
        double[] sums = Arrays.copyOfRange(lanes, at, at + AffineKernels.LANES);
        for (int half = AffineKernels.LANES / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                sums[i] += sums[i + half];
            }
        }
        return sums[0];
    }
}
