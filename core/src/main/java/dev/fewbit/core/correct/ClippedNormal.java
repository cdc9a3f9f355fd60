package dev.fewbit.core.correct;

/**
 * Mean and variance of {@code clip(X, low, high)} for a normal X: what an activation function like
 * ReLU or ReLU6 makes of the output of a batch normalization, whose shift is the mean of X and
 * whose scale is, up to its sign, the standard deviation (M. Nagel et al., <a
 * href="https://arxiv.org/abs/1906.04721">2019</a>, appendix C).
 *
 * <p>With {@code a = (low - m) / s}, {@code b = (high - m) / s}, density f and distribution F of
 * the standard normal,
 *
 * <pre>
 * E[(Y - m) / s]   = a F(a) + b (1 - F(b)) + f(a) - f(b)
 * E[(Y - m)^2/s^2] = a^2 F(a) + b^2 (1 - F(b)) + F(b) - F(a) + a f(a) - b f(b)
 * </pre>
 *
 * @param mean mean of the clipped variable
 * @param variance its variance, not negative
 */
public record ClippedNormal(double mean, double variance) {

    /** In standard deviations: the normal density is zero as a double there. */
    private static final double FAR = 39;

    /** Behind a ReLU. */
    public static ClippedNormal relu(double mean, double deviation) {
        return clip(mean, deviation, 0, Double.POSITIVE_INFINITY);
    }

    /** Behind a ReLU6. */
    public static ClippedNormal relu6(double mean, double deviation) {
        return clip(mean, deviation, 0, 6);
    }

    /**
     * Behind a clip.
     *
     * @param mean mean of X, finite
     * @param deviation standard deviation of X, finite; its sign does not matter
     * @param low lower limit, may be negative infinity
     * @param high upper limit, may be infinity
     */
    public static ClippedNormal clip(double mean, double deviation, double low, double high) {
        if (!Double.isFinite(mean)
                || !Double.isFinite(deviation)
                || !(low <= high)
                || low == Double.POSITIVE_INFINITY
                || high == Double.NEGATIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "a finite mean and deviation and limits in order are needed, got %s, %s, [%s, %s]"
                            .formatted(mean, deviation, low, high));
        }
        double s = Math.abs(deviation);
        double a = (low - mean) / s;
        double b = (high - mean) / s;
        if (s == 0 || a >= FAR || b <= -FAR) {
            // All of it is at one place.
            return new ClippedNormal(Math.clamp(mean, low, high), 0);
        }
        double belowLow = StandardNormal.below(a);
        double aboveHigh = StandardNormal.below(-b);
        double first = 0;
        double second = 1 - belowLow - aboveHigh;
        if (a > -FAR) {
            first += a * belowLow + StandardNormal.density(a);
            second += a * (a * belowLow + StandardNormal.density(a));
        }
        if (b < FAR) {
            first += b * aboveHigh - StandardNormal.density(b);
            second += b * (b * aboveHigh - StandardNormal.density(b));
        }
        return new ClippedNormal(mean + s * first, s * s * Math.max(0, second - first * first));
    }
}
