package dev.fewbit.core.kernel;

import dev.fewbit.core.statistics.ErrorStatistics;

import java.util.Arrays;

/**
 * Partial sums of what quantization costs, {@link AffineKernels#LANES} of each kind, which kernels
 * add to without reducing them. Mutable, not thread-safe, reusable.
 *
 * <p>Kernels add to floats. Before a float would receive more than {@link AffineKernels#CHUNK_ROWS}
 * additions all of them move on to doubles. Squares are taken in single precision, so that values
 * below about 1e-19 count as zero and those above 1e19 overflow.
 */
public final class ErrorSums {

    /** Index of the sums of e^2, with x the original and e the error. */
    static final int ERROR_SQUARES = 0;

    /** Index of the sums of x^2. */
    static final int ORIGINAL_SQUARES = AffineKernels.LANES;

    /** Index of the sums of x e. */
    static final int ERROR_PRODUCTS = 2 * AffineKernels.LANES;

    /** Index of the maxima of |e|. */
    static final int MAXIMA = 3 * AffineKernels.LANES;

    /** Sums and maxima that kernels add to. */
    final float[] pending = new float[4 * AffineKernels.LANES];

    private final double[] settled = new double[4 * AffineKernels.LANES];
    private int additions;
    private long count;

    /** Sums of nothing. */
    public ErrorSums() {}

    /** Back to sums of nothing. */
    public void clear() {
        Arrays.fill(pending, 0);
        Arrays.fill(settled, 0);
        additions = 0;
        count = 0;
    }

    /**
     * Announces elements that a kernel is about to add.
     *
     * @param rows additions that a lane will receive, at most {@link AffineKernels#CHUNK_ROWS}
     * @param elements number of elements in all lanes
     */
    void expect(int rows, long elements) {
        if (additions + rows > AffineKernels.CHUNK_ROWS) {
            settle();
        }
        additions += rows;
        count += elements;
    }

    private void settle() {
        for (int i = 0; i < MAXIMA; i++) {
            settled[i] += pending[i];
        }
        for (int i = MAXIMA; i < settled.length; i++) {
            settled[i] = Math.max(settled[i], pending[i]);
        }
        Arrays.fill(pending, 0);
        additions = 0;
    }

    /** The sums so far. */
    public ErrorStatistics toStatistics() {
        settle();
        double errorSquares = reduce(settled, ERROR_SQUARES);
        double originalSquares = reduce(settled, ORIGINAL_SQUARES);
        double errorProducts = reduce(settled, ERROR_PRODUCTS);
        double maximum = 0;
        for (int i = 0; i < AffineKernels.LANES; i++) {
            maximum = Math.max(maximum, settled[MAXIMA + i]);
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
