package dev.fewbit.core.rounding.layer;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.rounding.AffineGrid;
import dev.fewbit.core.rounding.CodebookRefit;
import dev.fewbit.core.rounding.CoordinateDescent;
import dev.fewbit.core.rounding.Gptq;
import dev.fewbit.core.rounding.GptqOptions;
import dev.fewbit.core.rounding.Hessian;
import dev.fewbit.core.rounding.Hqq;
import dev.fewbit.core.rounding.LevelGrid;
import dev.fewbit.core.rounding.RoundedMatrix;
import dev.fewbit.core.rounding.RoundingGrid;
import dev.fewbit.core.rounding.ScaleRefit;
import dev.fewbit.core.rounding.WeightMatrix;
import dev.fewbit.core.rounding.WeightedError;
import dev.fewbit.core.rounding.Workers;

import java.util.Arrays;

/**
 * Rounds the weights of a layer as well as is known: levels that suit what the inputs say of the
 * weights, {@link Gptq} with the largest inputs first, then {@link CoordinateDescent} and the best
 * scales and tables for the codes in turns.
 *
 * <p>Where a row has one scale and levels are few, the scale that is best for weights rounded to
 * nearest is not the best one for weights that make up for each other's errors: so each row takes
 * the best of several by the error that is left after {@link Gptq}.
 *
 * <p>Does not depend on the number of threads.
 */
public final class LayerRounder {
    /**
     * Scales that are tried, in units of the one that is best for rounding to nearest; that one
     * first, for rows of which nothing is known.
     */
    private static final double[] SHARES = {1, 0.9, 1.1, 0.8, 1.2, 0.7, 1.35};

    /** Beyond as many multiplications scales are not tried. */
    private static final double MOST_TRIED = 2e9;

    /** GPTQ inverts the moments, which is where small ones do harm. */
    private static final double LEAST_GPTQ_DAMPING = 0.01;

    private static final int TURNS = 3;
    private static final int SWEEPS = 3;

    /** From this width on levels are so dense that nearest ones do. */
    private static final int MANY_BITS = 8;

    private final LayerFormat format;
    private final double damping;
    private final Workers workers;
    private final GridFitting fitting;

    /**
     * A rounder.
     *
     * @param format what comes out
     * @param damping what is added to the diagonal of the moments, as a share of its mean: the more
     *     the fewer samples there were; 0 to 1
     */
    public LayerRounder(LayerFormat format, double damping, Workers workers) {
        this.format = format;
        this.damping = damping;
        this.workers = workers;
        this.fitting = new GridFitting(format, workers);
    }

    /**
     * Without data: every weight to the nearest of levels that {@link Hqq} finds.
     *
     * @param format with evenly spaced levels and scales of their own for channels or blocks
     * @throws IllegalArgumentException if it is another
     */
    public static RoundedMatrix robust(WeightMatrix weights, LayerFormat format, Workers workers) {
        if (!(format.format() instanceof Affine) || format.scaling() == Scaling.SHARED) {
            throw new IllegalArgumentException(
                    "half-quadratic quantization takes evenly spaced levels and scales of channels"
                            + " or blocks, got "
                            + format.format().label()
                            + " with scales of kind "
                            + format.scaling());
        }
        GridFitting fitting = new GridFitting(format, workers);
        double[] equal = new double[weights.columns()];
        Arrays.fill(equal, 1);
        AffineGrid start = (AffineGrid) fitting.fit(weights, equal);
        return RoundedMatrix.nearest(
                weights, fitting.inFormat(Hqq.improve(weights, start, workers)));
    }

    /**
     * Levels that suit weights.
     *
     * @param costs what a squared error in each column costs, not negative
     */
    public RoundingGrid levels(WeightMatrix weights, double[] costs) {
        return fitting.fit(weights, costs);
    }

    /** Every weight to the nearest level; levels regard the inputs' mean squares only. */
    public RoundedMatrix nearest(WeightMatrix target, Hessian h) {
        Hessian damped = h.damped(damping);
        RoundedMatrix rounded =
                RoundedMatrix.nearest(target, fitting.fit(target, damped.diagonal()));
        return RoundedMatrix.nearest(target, finished(target, damped, rounded, 0).grid());
    }

    /** {@link Gptq} on levels that suit it. */
    public RoundedMatrix gptq(WeightMatrix target, Hessian h) {
        return finished(target, h.damped(damping), started(target, h), 0);
    }

    /** {@link #gptq}, then codes and what they stand for in turns. */
    public RoundedMatrix descent(WeightMatrix target, Hessian h) {
        Hessian damped = h.damped(damping);
        RoundedMatrix rounded = started(target, h);
        double effort = (double) target.rows() * target.columns() * target.columns();
        int turns = format.format().bits() >= MANY_BITS || effort > MOST_TRIED / 10 ? 1 : TURNS;
        for (int turn = 0; turn < turns; turn++) {
            rounded = turn(target, damped, rounded);
        }
        return finished(target, damped, improved(target, damped, rounded), SWEEPS);
    }

    private RoundedMatrix started(WeightMatrix target, Hessian h) {
        int columns = target.columns();
        boolean rowScales = format.scaling() != Scaling.SHARED && format.groupSize() >= columns;
        boolean tried =
                rowScales
                        && !(format.format() instanceof Codebook)
                        && format.format().bits() < MANY_BITS
                        && (double) target.rows() * columns * columns * SHARES.length / 2
                                <= MOST_TRIED;
        if (tried && isCentred()) {
            double[] equal = new double[columns];
            Arrays.fill(equal, 1);
            return bestScales(target, h, fitting.fit(target, equal));
        }
        return gptq(target, h, fitting.fit(target, h.pivots(damping, workers)));
    }

    /** Whether another scale leaves the levels centred where they were. */
    private boolean isCentred() {
        return !(format.format() instanceof Affine affine) || affine.symmetric();
    }

    private RoundedMatrix gptq(WeightMatrix target, Hessian h, RoundingGrid grid) {
        return Gptq.round(
                target,
                h,
                grid,
                new GptqOptions(Math.max(damping, LEAST_GPTQ_DAMPING), true),
                workers);
    }

    /** Every row on the scale with which it has the least error. */
    private RoundedMatrix bestScales(WeightMatrix target, Hessian h, RoundingGrid grid) {
        float[] start = grid.scales();
        float[] scales = start.clone();
        byte[] codes = new byte[target.rows() * target.columns()];
        double[] least = new double[target.rows()];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        for (double share : SHARES) {
            float[] candidate = start.clone();
            for (int i = 0; i < candidate.length; i++) {
                candidate[i] = Math.max(Float.MIN_NORMAL, (float) (candidate[i] * share));
            }
            RoundingGrid tried = fitting.inFormat(grid.withScales(candidate));
            candidate = tried.scales();
            RoundedMatrix rounded = gptq(target, h, tried);
            double[] errors = WeightedError.ofRows(target, rounded.toWeights(), h, workers);
            byte[] its = rounded.codes();
            for (int row = 0; row < least.length; row++) {
                if (errors[row] < least[row]) {
                    least[row] = errors[row];
                    scales[row] = candidate[row];
                    int from = row * target.columns();
                    System.arraycopy(its, from, codes, from, target.columns());
                }
            }
        }
        return new RoundedMatrix(grid.withScales(scales), codes);
    }

    private RoundedMatrix turn(WeightMatrix target, Hessian damped, RoundedMatrix rounded) {
        RoundedMatrix next = improved(target, damped, rounded);
        if (format.format() instanceof Codebook) {
            next = improved(target, damped, CodebookRefit.refit(target, damped, next, workers));
        }
        return refitted(target, damped, next);
    }

    private RoundedMatrix improved(WeightMatrix target, Hessian damped, RoundedMatrix rounded) {
        return CoordinateDescent.improve(target, damped, rounded, SWEEPS, workers);
    }

    /** The best scales for the codes, if they are better once they are in the format. */
    private RoundedMatrix refitted(WeightMatrix target, Hessian damped, RoundedMatrix rounded) {
        if (!format.hasScales()) {
            return rounded;
        }
        return switch (format.scaling()) {
            case FLOATS -> ScaleRefit.refit(target, damped, rounded, workers);
            case SHARED -> ScaleRefit.refitTogether(target, damped, rounded, workers);
            case TWO_LEVELS -> {
                RoundedMatrix free = ScaleRefit.refit(target, damped, rounded, workers);
                RoundedMatrix fitted =
                        new RoundedMatrix(fitting.inFormat(free.grid()), free.codes());
                yield WeightedError.of(target, fitted, damped, workers)
                                < WeightedError.of(target, rounded, damped, workers)
                        ? fitted
                        : rounded;
            }
        };
    }

    /** Rounds learned tables to what the format stores, and codes once more to those. */
    private RoundedMatrix finished(
            WeightMatrix target, Hessian damped, RoundedMatrix rounded, int sweeps) {
        if (!(format.format() instanceof Codebook codebook
                && codebook.integral()
                && rounded.grid() instanceof LevelGrid grid)) {
            return rounded;
        }
        RoundedMatrix integral = IntegerTables.of(rounded, grid);
        integral = new RoundedMatrix(fitting.inFormat(integral.grid()), integral.codes());
        integral = CoordinateDescent.improve(target, damped, integral, sweeps, workers);
        return sweeps == 0
                ? integral
                : CoordinateDescent.improve(
                        target, damped, refitted(target, damped, integral), sweeps, workers);
    }
}
