package dev.fewbit.core.quantize;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.affine.RangeMethod.LeastSquares;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.kernel.AffineKernels;

/**
 * The search of {@link LeastSquares} for the groups of a {@link SearchTarget}, all at once.
 *
 * <p>Steps: (1) a geometric grid of scales, from about the best scale of evenly distributed values
 * with the same sum of squares (or 3/4 of the spanning scale, if that is less) to a little more
 * than the spanning scale; (2) bisection towards the better neighbour; (3) alternately the best
 * codes for given parameters and, by regression, the best parameters for given codes (Lloyd 1982
 * with evenly spaced levels); an offset found by the regression becomes a shift of the zero point.
 * Each step keeps the best seen. (4) What was found is taken only where its error, computed as
 * quantization will have it, is less than that of the spanning parameters by more than the rounding
 * of the sums.
 *
 * <p>Mutable scratch space: one for each thread.
 */
final class LeastSquaresSearch {

    /** Grid from this fraction of the spanning scale, or less, */
    private static final double LOWEST_RATIO = 0.75;

    /** to this one. */
    private static final double HIGHEST_RATIO = 1.05;

    /** Scale times levels over root mean square: sqrt(12) for evenly distributed values. */
    private static final double NARROWEST_RANGE = 3;

    /**
     * Two float sums of {@link AffineKernels#CHUNK_ROWS} squares, each term off by up to 4
     * roundings, differ by less than this when the true ones are equal: a relative {@code 2 (256 +
     * 4) 2^-24}. Additions in double precision are negligible.
     */
    private static final double MARGIN = 2 * (AffineKernels.CHUNK_ROWS + 4) * 0x1p-24;

    private final Affine format;
    private final LeastSquares effort;
    private final int lanes;

    private final float[] scales;
    private final int[] zeroPoints;
    private final double[] errors;
    private final double[] moments;
    private final double[] factors;
    private final float[] bestScales;
    private final int[] bestZeroPoints;
    private final double[] bestErrors;

    LeastSquaresSearch(Affine format, LeastSquares effort, int lanes) {
        this.format = format;
        this.effort = effort;
        this.lanes = lanes;
        int candidates = Math.max(3, (1 << effort.gridDoublings()) + 1) * lanes;
        scales = new float[candidates];
        zeroPoints = new int[candidates];
        errors = new double[candidates];
        moments = new double[5 * lanes];
        factors = new double[lanes];
        bestScales = new float[lanes];
        bestZeroPoints = new int[lanes];
        bestErrors = new double[lanes];
    }

    /**
     * Improves parameters in place; no group has a larger error afterwards.
     *
     * @param target the groups
     * @param count elements of each group
     * @param spanningScales scales that span the range of each group, from index {@code at} on
     * @param spanningZeroPoints the zero points that go with them
     * @param at index of the parameters of the first lane
     * @param used number of lanes that hold a group
     */
    void search(
            SearchTarget target,
            long count,
            float[] spanningScales,
            int[] spanningZeroPoints,
            int at,
            int used) {
        for (int lane = 0; lane < lanes; lane++) {
            // Lanes beyond the last group hold zeros; any parameters will do.
            scales[lane] = lane < used ? spanningScales[at + lane] : 1;
            zeroPoints[lane] = lane < used ? spanningZeroPoints[at + lane] : format.middle();
        }
        System.arraycopy(scales, 0, bestScales, 0, lanes);
        System.arraycopy(zeroPoints, 0, bestZeroPoints, 0, lanes);
        target.searchErrors(1, scales, zeroPoints, bestErrors);
        target.moments(scales, zeroPoints, moments);
        grid(target, count);
        bisect(target);
        for (int i = 0; i < effort.refits(); i++) {
            refit(target, count);
        }
        settle(target, spanningScales, spanningZeroPoints, at, used);
    }

    private void grid(SearchTarget target, long count) {
        int intervals = 1 << effort.gridDoublings();
        for (int lane = 0; lane < lanes; lane++) {
            double rootMeanSquare = Math.sqrt(moments[4 * lanes + lane] / count);
            double spanning = scales[lane];
            double lowest =
                    Math.min(
                            LOWEST_RATIO * spanning,
                            NARROWEST_RANGE * rootMeanSquare / format.levels());
            lowest = lowest > 0 ? lowest : LOWEST_RATIO * spanning;
            double factor = HIGHEST_RATIO * spanning / lowest;
            // Square roots are rounded the same way everywhere, powers are not.
            for (int i = 0; i < effort.gridDoublings(); i++) {
                factor = Math.sqrt(factor);
            }
            factors[lane] = factor;
            double scale = lowest;
            for (int k = 0; k <= intervals; k++) {
                candidate(k, lane, scale, bestZeroPoints[lane]);
                scale *= factor;
            }
        }
        choose(target, intervals + 1);
    }

    private void bisect(SearchTarget target) {
        for (int i = 0; i < effort.bisections(); i++) {
            for (int lane = 0; lane < lanes; lane++) {
                double factor = Math.sqrt(factors[lane]);
                factors[lane] = factor;
                candidate(0, lane, bestScales[lane] / factor, bestZeroPoints[lane]);
                candidate(1, lane, bestScales[lane] * factor, bestZeroPoints[lane]);
            }
            choose(target, 2);
        }
    }

    private void refit(SearchTarget target, long count) {
        target.moments(bestScales, bestZeroPoints, moments);
        for (int lane = 0; lane < lanes; lane++) {
            double steps = moments[lane];
            double stepSquares = moments[lanes + lane];
            double values = moments[2 * lanes + lane];
            double products = moments[3 * lanes + lane];
            candidate(0, lane, products / stepSquares, bestZeroPoints[lane]);
            double variance = count * stepSquares - steps * steps;
            double slope = (count * products - steps * values) / variance;
            double offset = (values - slope * steps) / count;
            candidate(1, lane, slope, shifted(bestZeroPoints[lane], offset / slope));
        }
        choose(target, format.symmetric() ? 1 : 2);
    }

    private int shifted(int zeroPoint, double steps) {
        // NaN, from values that are all alike, becomes zero.
        return Math.clamp(zeroPoint - Math.round(steps), format.qmin(), format.qmax());
    }

    /** Enters a candidate; one that makes no sense becomes the best so far. */
    private void candidate(int k, int lane, double scale, int zeroPoint) {
        boolean sensible = scale > 0 && scale < Double.POSITIVE_INFINITY;
        scales[k * lanes + lane] =
                sensible ? AffineParameters.bounded(scale, format) : bestScales[lane];
        zeroPoints[k * lanes + lane] = sensible ? zeroPoint : bestZeroPoints[lane];
    }

    private void choose(SearchTarget target, int candidates) {
        target.searchErrors(candidates, scales, zeroPoints, errors);
        for (int i = 0; i < candidates * lanes; i++) {
            int lane = i % lanes;
            if (errors[i] < bestErrors[lane]) {
                bestErrors[lane] = errors[i];
                bestScales[lane] = scales[i];
                bestZeroPoints[lane] = zeroPoints[i];
            }
        }
    }

    private void settle(
            SearchTarget target,
            float[] spanningScales,
            int[] spanningZeroPoints,
            int at,
            int used) {
        for (int lane = 0; lane < lanes; lane++) {
            scales[lane] = lane < used ? spanningScales[at + lane] : 1;
            zeroPoints[lane] = lane < used ? spanningZeroPoints[at + lane] : format.middle();
            scales[lanes + lane] = bestScales[lane];
            zeroPoints[lanes + lane] = bestZeroPoints[lane];
        }
        target.exactErrors(2, scales, zeroPoints, errors);
        for (int lane = 0; lane < used; lane++) {
            if (errors[lanes + lane] < errors[lane] * (1 - MARGIN)) {
                spanningScales[at + lane] = bestScales[lane];
                spanningZeroPoints[at + lane] = bestZeroPoints[lane];
            }
        }
    }
}
