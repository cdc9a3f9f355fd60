package dev.fewbit.core.rounding.layer;

import dev.fewbit.core.format.Affine;

/**
 * Scale and zero point of one group of weights with evenly spaced levels, with the least squared
 * error of weights rounded to nearest, each error weighted.
 *
 * <p>A geometric grid of scales that clip more and more, beginning with some that waste levels (in
 * small groups the weights may happen to lie on those), for asymmetric formats with the zero points
 * next to where the range puts it; then, in turns, the closed form {@code s = sum(h w q) / sum(h q
 * q)} for the codes found and the zero points next to the one found. A large weight whose errors
 * cost little, or one among thousands, is worth clipping by far more than a third, so the grid goes
 * on as long as that may pay.
 */
final class GroupFit {
    /** From one scale to the next. */
    private static final double RATIO = 0.95;

    /** The first scale, in units of the one that just spans the range: five steps above it. */
    private static final double FIRST = 1.3;

    /** Scales that are tried whatever they cost; the last leaves a third of the range. */
    private static final int SCALES = 29;

    /** Scales that are tried at most; the last leaves a 120th of the range. */
    private static final int MOST_SCALES = 100;

    /** Beyond {@link #SCALES} the grid ends where the error is so many times the least. */
    private static final double HOPELESS = 2;

    private static final int REFITS = 8;

    private final Affine format;
    private final double[] values;
    private final double[] weights;
    private final int count;
    private double least = Double.POSITIVE_INFINITY;
    private double scale = 1;
    private int zeroPoint;

    /**
     * Searches.
     *
     * @param values the weights of the group, {@code count} of them
     * @param weights what errors cost, not negative
     */
    GroupFit(Affine format, double[] values, double[] weights, int count) {
        this.format = format;
        this.values = values;
        this.weights = weights;
        this.count = count;
        this.zeroPoint = format.symmetric() ? format.middle() : Math.max(0, format.qmin());
        search();
    }

    private void search() {
        double low = 0;
        double high = 0;
        for (int i = 0; i < count; i++) {
            low = Math.min(low, values[i]);
            high = Math.max(high, values[i]);
        }
        if (low == 0 && high == 0) {
            return;
        }
        // First what is taken where no error costs anything.
        considerShare(1, low, high);
        double share = FIRST;
        for (int i = 0; i < MOST_SCALES; i++) {
            double error = considerShare(share, low, high);
            if (i >= SCALES && error > HOPELESS * least) {
                break;
            }
            share *= RATIO;
        }
        for (int i = 0; i < REFITS; i++) {
            double before = least;
            consider(regression(), zeroPoint);
            if (!format.symmetric()) {
                consider(scale, zeroPoint - 1);
                consider(scale, zeroPoint + 1);
            }
            if (least == before) {
                break;
            }
        }
    }

    /** Tries the scale that leaves a share of the range; gives the least error there. */
    private double considerShare(double share, double low, double high) {
        if (format.symmetric()) {
            int middle = format.middle();
            double below = -low / Math.max(1, middle - format.qmin());
            double above = high / Math.max(1, format.qmax() - middle);
            return consider(share * Math.max(below, above), middle);
        }
        double wanted = share * (high - low) / (format.levels() - 1);
        int around = (int) Math.rint(format.qmin() - share * low / wanted);
        double error = consider(wanted, around);
        error = Math.min(error, consider(wanted, around - 1));
        return Math.min(error, consider(wanted, around + 1));
    }

    /** Takes parameters if they are the best so far; gives their error. */
    private double consider(double wanted, int zero) {
        if (Double.isNaN(wanted) || zero < format.qmin() || zero > format.qmax()) {
            return Double.POSITIVE_INFINITY;
        }
        double candidate = (float) Math.clamp(wanted, Float.MIN_NORMAL, Float.MAX_VALUE);
        double inverse = 1 / candidate;
        double error = 0;
        double lowest = format.qmin() - zero;
        double highest = format.qmax() - zero;
        for (int i = 0; i < count; i++) {
            double level = Math.clamp(Math.rint(values[i] * inverse), lowest, highest);
            double rest = values[i] - level * candidate;
            error += weights[i] * rest * rest;
        }
        if (error < least) {
            least = error;
            scale = candidate;
            zeroPoint = zero;
        }
        return error;
    }

    private double regression() {
        double products = 0;
        double squares = 0;
        double lowest = format.qmin() - zeroPoint;
        double highest = format.qmax() - zeroPoint;
        for (int i = 0; i < count; i++) {
            double level = Math.clamp(Math.rint(values[i] / scale), lowest, highest);
            products += weights[i] * values[i] * level;
            squares += weights[i] * level * level;
        }
        return products > 0 ? products / squares : scale;
    }

    /** The scale, a normal positive float. */
    float scale() {
        return (float) scale;
    }

    /** The zero point. */
    int zeroPoint() {
        return zeroPoint;
    }
}
