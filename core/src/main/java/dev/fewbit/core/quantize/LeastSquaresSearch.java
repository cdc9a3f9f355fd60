package dev.fewbit.core.quantize;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.affine.RangeMethod.LeastSquares;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.kernel.AffineKernels;

import java.util.Arrays;

/**
 * The search of {@link LeastSquares} for the groups of a {@link SearchTarget}, all at once.
 *
 * <p>Steps: (1) a geometric grid of scales, from about the best scale of evenly distributed values
 * with the same sum of squares (or 3/4 of the spanning scale, if that is less) to a little more
 * than the spanning scale; (2) bisection towards the better neighbour; (3) alternately the best
 * codes for given parameters and, by regression, the best parameters for given codes (Lloyd 1982
 * with evenly spaced levels); an offset found by the regression becomes a shift of the zero point.
 * with asked-for effort the zero point is shifted too. Each step keeps the best seen. (4) What was
 * found is taken only where its error, computed as quantization will have it, is less than that of
 * the spanning parameters by more than the rounding of the sums.
 *
 * <p>Mutable scratch space: one for each thread.
 */
final class LeastSquaresSearch {

    /** Grid from this fraction of the spanning scale, or less, */
    private static final double LOWEST_RATIO = 0.75;

    /** to this one. */
    private static final double HIGHEST_RATIO = 1.05;

    /** After the zero point was shifted, scales from this ratio on are tried. */
    private static final double SHIFTED_RATIO = 1.0625;

    /** Scale times levels over root mean square: sqrt(12) for evenly distributed values. */
    private static final double NARROWEST_RANGE = 3;

    /**
     * Two float sums of {@link AffineKernels#CHUNK_ROWS} squares, each term off by up to 4
     * roundings, differ by less than this when the true ones are equal: a relative {@code 2 (256 +
     * 4) 2^-24}. Additions in double precision are negligible.
     */
    private static final double MARGIN = 2 * (AffineKernels.CHUNK_ROWS + 4) * 0x1p-24;

    private static final int LANES = SearchTarget.LANES;

    private final Affine format;
    private final LeastSquares effort;
    private final float largestScale;

    private final float[] scales;
    private final int[] zeroPoints;
    private final double[] errors;
    private final double[] moments = new double[5 * LANES];
    private final double[] lowestScales = new double[LANES];
    private final double[] factors = new double[LANES];
    private final double[] next = new double[LANES];
    private final int[] chosen = new int[LANES];
    private final float[] bestScales = new float[LANES];
    private final int[] bestZeroPoints = new int[LANES];
    private final int[] startZeroPoints = new int[LANES];
    private final double[] bestErrors = new double[LANES];

    LeastSquaresSearch(Affine format, LeastSquares effort) {
        this.format = format;
        this.effort = effort;
        largestScale = AffineParameters.bounded(Float.MAX_VALUE, format);
        int candidates = Math.max(2, (1 << effort.gridDoublings()) + 1);
        scales = new float[candidates * LANES];
        zeroPoints = new int[candidates * LANES];
        errors = new double[candidates * LANES];
    }

    /**
     * Improves parameters in place; no group has a larger error afterwards.
     *
     * @param target the groups
     * @param count elements of each group
     * @param spanningScales scales that span the range of each group, from index {@code at} on
     * @param spanningZeroPoints the zero points that go with them
     * @param at index of the parameters of the first group
     * @param groups number of groups: 1 to 16, or 1 that fills all lanes
     */
    void search(
            SearchTarget target,
            long count,
            float[] spanningScales,
            int[] spanningZeroPoints,
            int at,
            int groups) {
        for (int lane = 0; lane < LANES; lane++) {
            // Lanes beyond the last group repeat it, which is right for a group that fills all and
            // harmless for those that hold zeros.
            int group = at + Math.min(lane, groups - 1);
            bestScales[lane] = spanningScales[group];
            bestZeroPoints[lane] = spanningZeroPoints[group];
        }
        Arrays.fill(bestErrors, Double.POSITIVE_INFINITY);
        target.moments(bestScales, bestZeroPoints, moments);
        boolean shifting = effort.shifts() > 0 && !format.symmetric();
        startScales(count);
        System.arraycopy(bestZeroPoints, 0, startZeroPoints, 0, LANES);
        grid(target);
        if (shifting) {
            // From the middle of the codes too: a few outliers on one side make the zero point of
            // the range useless for all the others, further off than shifts can mend.
            Arrays.fill(startZeroPoints, (format.qmin() + format.qmax() + 1) / 2);
            grid(target);
        }
        bisect(target);
        for (int i = 0; i < effort.refits(); i++) {
            refit(target, count);
        }
        for (int i = 0; shifting && i < effort.shifts(); i++) {
            shift(target);
            Arrays.fill(factors, SHIFTED_RATIO);
            bisect(target);
            refit(target, count);
        }
        settle(target, spanningScales, spanningZeroPoints, at, groups);
    }

    /** Moves the zero point while that helps, by fewer and fewer steps. */
    private void shift(SearchTarget target) {
        for (int by = Math.max(1, format.levels() / 16); by > 0; by /= 2) {
            for (int lane = 0; lane < LANES; lane++) {
                next[lane] = bestScales[lane];
            }
            for (int k = 0; k < 2; k++) {
                candidates(k, bestZeroPoints);
                for (int lane = 0; lane < LANES; lane++) {
                    int zeroPoint = bestZeroPoints[lane] + (k == 0 ? by : -by);
                    zeroPoints[k * LANES + lane] =
                            Math.clamp(zeroPoint, format.qmin(), format.qmax());
                }
            }
            choose(target, 2);
        }
    }

    /** Where the grid begins, and the factor from one scale of it to the next. */
    private void startScales(long count) {
        for (int lane = 0; lane < LANES; lane++) {
            double rootMeanSquare = Math.sqrt(moments[4 * LANES + lane] / count);
            double spanning = LOWEST_RATIO * bestScales[lane];
            double lowest = Math.min(spanning, NARROWEST_RANGE * rootMeanSquare / format.levels());
            lowestScales[lane] = lowest > 0 ? lowest : spanning;
        }
        for (int lane = 0; lane < LANES; lane++) {
            factors[lane] = HIGHEST_RATIO * bestScales[lane] / lowestScales[lane];
        }
        // Square roots are rounded the same way everywhere, powers are not.
        for (int i = 0; i < effort.gridDoublings(); i++) {
            rootOfFactors();
        }
    }

    private void grid(SearchTarget target) {
        System.arraycopy(lowestScales, 0, next, 0, LANES);
        int candidates = (1 << effort.gridDoublings()) + 1;
        for (int k = 0; k < candidates; k++) {
            candidates(k, startZeroPoints);
            for (int lane = 0; lane < LANES; lane++) {
                next[lane] *= factors[lane];
            }
        }
        choose(target, candidates);
    }

    private void rootOfFactors() {
        for (int lane = 0; lane < LANES; lane++) {
            factors[lane] = Math.sqrt(factors[lane]);
        }
    }

    private void bisect(SearchTarget target) {
        for (int i = 0; i < effort.bisections(); i++) {
            rootOfFactors();
            for (int lane = 0; lane < LANES; lane++) {
                next[lane] = bestScales[lane] / factors[lane];
            }
            candidates(0, bestZeroPoints);
            for (int lane = 0; lane < LANES; lane++) {
                next[lane] = bestScales[lane] * factors[lane];
            }
            candidates(1, bestZeroPoints);
            choose(target, 2);
        }
    }

    private void refit(SearchTarget target, long count) {
        target.moments(bestScales, bestZeroPoints, moments);
        for (int lane = 0; lane < LANES; lane++) {
            next[lane] = moments[3 * LANES + lane] / moments[LANES + lane];
        }
        candidates(0, bestZeroPoints);
        if (format.symmetric()) {
            choose(target, 1);
            return;
        }
        for (int lane = 0; lane < LANES; lane++) {
            double steps = moments[lane];
            double stepSquares = moments[LANES + lane];
            double values = moments[2 * LANES + lane];
            double products = moments[3 * LANES + lane];
            double covariance = count * products - steps * values;
            double slope = covariance / (count * stepSquares - steps * steps);
            next[lane] = slope;
            // The offset in steps, (mean of values - slope * mean of steps) / slope, is what the
            // zero point is off by.
            factors[lane] = (values / slope - steps) / count;
        }
        candidates(1, bestZeroPoints);
        for (int lane = 0; lane < LANES; lane++) {
            // A cast saturates, and makes zero of the NaN of values that are all alike.
            int zeroPoint = bestZeroPoints[lane] - (int) Math.rint(factors[lane]);
            zeroPoints[LANES + lane] = Math.max(format.qmin(), Math.min(format.qmax(), zeroPoint));
        }
        choose(target, 2);
    }

    /** Enters candidates. One that is not a number has no error that is less than another. */
    private void candidates(int k, int[] withZeroPoints) {
        for (int lane = 0; lane < LANES; lane++) {
            float scale = (float) next[lane];
            // Almost never, so that branches are cheaper than minimum and maximum.
            if (scale < Float.MIN_NORMAL) {
                scale = Float.MIN_NORMAL;
            } else if (scale > largestScale) {
                scale = largestScale;
            }
            scales[k * LANES + lane] = scale;
            zeroPoints[k * LANES + lane] = withZeroPoints[lane];
        }
    }

    private void choose(SearchTarget target, int candidates) {
        target.searchErrors(candidates, scales, zeroPoints, errors);
        Arrays.fill(chosen, -1);
        for (int k = 0; k < candidates; k++) {
            for (int lane = 0; lane < LANES; lane++) {
                // Without branches: which candidate is better cannot be predicted.
                boolean better = errors[k * LANES + lane] < bestErrors[lane];
                bestErrors[lane] = better ? errors[k * LANES + lane] : bestErrors[lane];
                chosen[lane] = better ? k : chosen[lane];
            }
        }
        for (int lane = 0; lane < LANES; lane++) {
            if (chosen[lane] >= 0) {
                bestScales[lane] = scales[chosen[lane] * LANES + lane];
                bestZeroPoints[lane] = zeroPoints[chosen[lane] * LANES + lane];
            }
        }
    }

    private void settle(
            SearchTarget target,
            float[] spanningScales,
            int[] spanningZeroPoints,
            int at,
            int groups) {
        for (int lane = 0; lane < LANES; lane++) {
            int group = at + Math.min(lane, groups - 1);
            scales[lane] = spanningScales[group];
            zeroPoints[lane] = spanningZeroPoints[group];
        }
        System.arraycopy(bestScales, 0, scales, LANES, LANES);
        System.arraycopy(bestZeroPoints, 0, zeroPoints, LANES, LANES);
        target.exactErrors(2, scales, zeroPoints, errors);
        for (int lane = 0; lane < groups; lane++) {
            if (errors[LANES + lane] < errors[lane] * (1 - MARGIN)) {
                spanningScales[at + lane] = bestScales[lane];
                spanningZeroPoints[at + lane] = bestZeroPoints[lane];
            }
        }
    }
}
