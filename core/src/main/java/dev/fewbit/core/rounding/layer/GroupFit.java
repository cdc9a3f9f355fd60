package dev.fewbit.core.rounding.layer;

import dev.fewbit.core.format.Affine;

/**
 * Scale and zero point of one group of weights with evenly spaced levels, with the least squared
 * error of weights rounded to nearest, each error weighted.
 *
 * <p>A geometric grid of scales that clip more and more, for asymmetric formats with the zero
 * points next to where the range puts it; then the closed form {@code s = sum(h w q) / sum(h q q)}
 * for the codes found.
 */
final class GroupFit {
    /** From one scale to the next, 24 of which clip a third of the range. */
    private static final double RATIO = 0.95;

    private static final int SCALES = 24;
    private static final int REFITS = 3;

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
        double share = 1;
        for (int i = 0; i < SCALES; i++) {
            if (format.symmetric()) {
                int middle = format.middle();
                double below = -low / Math.max(1, middle - format.qmin());
                double above = high / Math.max(1, format.qmax() - middle);
                consider(share * Math.max(below, above), middle);
            } else {
                double wanted = share * (high - low) / (format.levels() - 1);
                int around = (int) Math.rint(format.qmin() - share * low / wanted);
                for (int zero = around - 1; zero <= around + 1; zero++) {
                    if (zero >= format.qmin() && zero <= format.qmax()) {
                        consider(wanted, zero);
                    }
                }
            }
            share *= RATIO;
        }
        for (int i = 0; i < REFITS; i++) {
            double before = least;
            consider(regression(), zeroPoint);
            if (least == before) {
                break;
            }
        }
    }

    private void consider(double wanted, int zero) {
        double candidate = (float) Math.clamp(wanted, Float.MIN_NORMAL, Float.MAX_VALUE);
        if (Double.isNaN(candidate)) {
            return;
        }
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
