package dev.fewbit.core.calibrate;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.statistics.Distribution;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the parameters with the least squared error of rounding and clipping.
 *
 * <p>The error has many local minima, so the search goes in two steps. A geometric grid of both
 * ends, from those of the values downwards, is judged by {@link SideError#estimate}, which leaves
 * out where levels lie. The best of the grid and scales near the one that spans the values are then
 * judged by {@link SideError#exact}, and from the best of these a descent with ever smaller steps
 * changes both ends, one end or the zero point. The best that was seen is kept, so that the result
 * is never worse than the levels that span the values.
 */
final class SquaredErrorSearch {

    /** From one end of the grid to the next. */
    private static final double SHRINKAGE = 0.87;

    /** Most ends of a side: the last is 1e-6 of the first. */
    private static final int MOST_ENDS = 100;

    private static final int SEEDS = 4;
    private static final double FIRST_STEP = 0.06;
    private static final double LAST_STEP = 0.001;

    private final Distribution distribution;
    private final RoundingError errors;
    private final SideError positive;
    private final SideError negative;
    private final Affine format;
    private AffineParameters best;
    private double bestError;

    SquaredErrorSearch(Distribution distribution, Affine format) {
        this.distribution = distribution;
        errors = new RoundingError(distribution);
        positive = errors.positive();
        negative = errors.negative();
        this.format = format;
        best = ActivationRanges.spanning(distribution, format);
        bestError = errors.of(new AffineMapping(format, best));
    }

    AffineParameters find() {
        if (bestError == 0) {
            return best;
        }
        for (Ends ends : format.symmetric() ? symmetricSeeds() : asymmetricSeeds()) {
            consider(ends.low, ends.high);
        }
        considerSpikes();
        for (double step = FIRST_STEP; step > LAST_STEP; step /= 2) {
            double before = bestError;
            descend(step);
            if (bestError < before) {
                descend(step);
            }
        }
        return best;
    }

    /** Scales near the spanning one: where many values are equal it matters what a level hits. */
    private void considerSpikes() {
        AffineParameters spanning = ActivationRanges.spanning(distribution, format);
        for (double factor = 1.15; factor > 0.7; factor *= 0.985) {
            float scale = AffineParameters.bounded(spanning.scale() * factor, format);
            consider(new AffineParameters(scale, spanning.zeroPoint()));
        }
    }

    /** A range around zero by its magnitudes, and what it is estimated to cost. */
    private record Ends(double low, double high, double estimate) {}

    private List<Ends> asymmetricSeeds() {
        List<Ends> seeds = new ArrayList<>();
        double least = Double.POSITIVE_INFINITY;
        double[] lows = ends(negative);
        double[] highs = ends(positive);
        for (double low : lows) {
            if (negative.clipping(low) > least) {
                break;
            }
            for (double high : highs) {
                if (positive.clipping(high) > least) {
                    break;
                }
                double scale = (low + high) / (format.levels() - 1);
                double estimate = estimate(scale, low, high);
                seeds.add(new Ends(low, high, estimate));
                least = Math.min(least, estimate);
            }
        }
        return fewest(seeds);
    }

    private List<Ends> symmetricSeeds() {
        int below = format.middle() - format.qmin();
        int above = format.qmax() - format.middle();
        List<Ends> seeds = new ArrayList<>();
        double least = Double.POSITIVE_INFINITY;
        double scale = best.scale();
        for (int i = 0; i < MOST_ENDS; i++) {
            double low = below * scale;
            double high = above * scale;
            if (negative.clipping(low) + positive.clipping(high) > least) {
                break;
            }
            double estimate = estimate(scale, low, high);
            seeds.add(new Ends(low, high, estimate));
            least = Math.min(least, estimate);
            scale *= SHRINKAGE;
        }
        return fewest(seeds);
    }

    private double estimate(double scale, double low, double high) {
        return negative.estimate(scale, low) + positive.estimate(scale, high);
    }

    private static List<Ends> fewest(List<Ends> seeds) {
        return seeds.stream()
                .sorted(Comparator.comparingDouble(Ends::estimate))
                .limit(SEEDS)
                .toList();
    }

    private static double[] ends(SideError side) {
        if (side.isEmpty()) {
            return new double[] {0};
        }
        double[] ends = new double[MOST_ENDS];
        double end = side.largest();
        for (int i = 0; i < MOST_ENDS; i++) {
            ends[i] = end;
            end *= SHRINKAGE;
        }
        return ends;
    }

    /** Tries the neighbours of the best, which may change on the way. */
    private void descend(double step) {
        considerScaled(1 + step);
        considerScaled(1 - step);
        if (format.symmetric() || positive.isEmpty() || negative.isEmpty()) {
            return;
        }
        consider(low(), high() * (1 + step));
        consider(low(), high() * (1 - step));
        consider(low() * (1 + step), high());
        consider(low() * (1 - step), high());
        considerShifted(1);
        considerShifted(-1);
    }

    private double low() {
        return (double) (best.zeroPoint() - format.qmin()) * best.scale();
    }

    private double high() {
        return (double) (format.qmax() - best.zeroPoint()) * best.scale();
    }

    private void consider(double low, double high) {
        float lowest = (float) -Math.min(low, Float.MAX_VALUE);
        float highest = (float) Math.min(high, Float.MAX_VALUE);
        consider(AffineParameters.of(lowest, highest, format));
    }

    private void considerScaled(double factor) {
        float scale = AffineParameters.bounded(best.scale() * factor, format);
        consider(new AffineParameters(scale, best.zeroPoint()));
    }

    private void considerShifted(int by) {
        int zeroPoint = best.zeroPoint() + by;
        if (zeroPoint >= format.qmin() && zeroPoint <= format.qmax()) {
            consider(new AffineParameters(best.scale(), zeroPoint));
        }
    }

    private void consider(AffineParameters parameters) {
        double error = errors.of(new AffineMapping(format, parameters));
        if (error < bestError) {
            best = parameters;
            bestError = error;
        }
    }
}
