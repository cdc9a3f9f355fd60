package dev.fewbit.core.correct;

/** The normal distribution with mean 0 and variance 1. The same bits on every machine. */
final class StandardNormal {

    private static final double INVERSE_ROOT_OF_TWO_PI = 0.3989422804014327;

    /** Beyond this the upper tail is found by a continued fraction. */
    private static final double TAIL = 3;

    private StandardNormal() {}

    static double density(double x) {
        return INVERSE_ROOT_OF_TWO_PI * StrictMath.exp(-x * x / 2);
    }

    /** Probability of a value up to x. */
    static double below(double x) {
        if (x < -TAIL) {
            return tail(-x);
        }
        if (x > TAIL) {
            return 1 - tail(x);
        }
        // G. Marsaglia, Evaluating the Normal Distribution (2004):
        // 1/2 + density(x) (x + x^3 / 3 + x^5 / (3 5) + ...)
        double term = x;
        double sum = x;
        for (int i = 3; Math.abs(term) > 1e-18 * Math.abs(sum); i += 2) {
            term *= x * x / i;
            sum += term;
        }
        return 0.5 + density(x) * sum;
    }

    /** Probability of a value above x, at least {@link #TAIL}, by Laplace's continued fraction. */
    private static double tail(double x) {
        double fraction = x;
        for (int k = 120; k >= 1; k--) {
            fraction = x + k / fraction;
        }
        return density(x) / fraction;
    }

    /**
     * The value that the probability of smaller ones is p.
     *
     * @param p between 0 and 1, both excluded
     */
    static double quantile(double p) {
        if (p > 0.5) {
            return -quantile(1 - p);
        }
        // below() is convex left of 0, so that Newton's method descends to the solution from there.
        double x = 0;
        double next = x - (below(x) - p) / density(x);
        while (next < x - 1e-15 * Math.abs(x)) {
            x = next;
            next = x - (below(x) - p) / density(x);
        }
        return x;
    }
}
