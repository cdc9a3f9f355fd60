package dev.fewbit.tuning;

/**
 * Finds what to add to a channel so that it has the mean that it should have behind an activation
 * function: what the function cuts off is nobody's business.
 *
 * <p>{@code mean(clip(actual + d)) = mean(clip(expected))}; the left side does not fall as d grows,
 * so there is one nearest to zero.
 */
final class MeanMatching {
    private static final int MOST_STEPS = 40;
    private static final int HALVINGS = 24;
    private static final double PRECISE = 1e-6;

    private final double low;
    private final double high;

    /**
     * @param low smallest value that the function gives; may be negative infinity
     * @param high largest value that it gives; may be infinity
     */
    MeanMatching(double low, double high) {
        this.low = low;
        this.high = high;
    }

    /**
     * The shift.
     *
     * @param expected values that should be
     * @param actual values that are, as many
     * @return not-a-number if some are not finite
     */
    double shift(float[] expected, float[] actual) {
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += (double) expected[i] - actual[i];
        }
        difference /= expected.length;
        boolean bounded = low > Double.NEGATIVE_INFINITY || high < Double.POSITIVE_INFINITY;
        if (!bounded || !Double.isFinite(difference)) {
            return difference;
        }
        double target = mean(expected, 0);
        double off = target - mean(actual, 0);
        if (off == 0) {
            return 0;
        }
        double reach = reach(expected, actual);
        double far = off > 0 ? reach : -reach;
        return root(actual, target, off, far);
    }

    /**
     * Where the mean becomes right, to {@code PRECISE} of the way. First by regula falsi, the end
     * that stays counting half each time (the Illinois algorithm); by halving where the mean stays
     * right from there on, as that of a channel that is silent does.
     */
    private double root(float[] actual, double target, double offAtZero, double reach) {
        double from = 0;
        double to = reach;
        double offFrom = offAtZero;
        double offTo = target - mean(actual, to);
        for (int i = 0; i < MOST_STEPS && Math.abs(to - from) > PRECISE * Math.abs(reach); i++) {
            if (offTo == 0) {
                return first(actual, target, from, to);
            }
            double middle = (from * offTo - to * offFrom) / (offTo - offFrom);
            double off = target - mean(actual, middle);
            if (Math.abs(off) < PRECISE * Math.abs(offAtZero)) {
                return middle;
            }
            if (off > 0 == offTo > 0) {
                offFrom /= 2;
            } else {
                from = to;
                offFrom = offTo;
            }
            to = middle;
            offTo = off;
        }
        return to;
    }

    /** The first shift with which the mean is right, when it is with the last and all between. */
    private double first(float[] actual, double target, double wrong, double right) {
        double from = wrong;
        double to = right;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (from + to) / 2;
            if (target == mean(actual, middle)) {
                to = middle;
            } else {
                from = middle;
            }
        }
        return to;
    }

    /** Adding it moves every actual value past every expected one. */
    private static double reach(float[] expected, float[] actual) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < expected.length; i++) {
            least = Math.min(least, Math.min(expected[i], actual[i]));
            most = Math.max(most, Math.max(expected[i], actual[i]));
        }
        return most - least;
    }

    private double mean(float[] values, double shift) {
        double sum = 0;
        for (float value : values) {
            sum += Math.min(Math.max(value + shift, low), high);
        }
        return sum / values.length;
    }

    /** Mean squared difference behind the function, the actual values shifted. */
    double squaredError(float[] expected, float[] actual, double shift) {
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
            double should = Math.min(Math.max(expected[i], low), high);
            double is = Math.min(Math.max(actual[i] + shift, low), high);
            sum += (should - is) * (should - is);
        }
        return sum / expected.length;
    }
}
