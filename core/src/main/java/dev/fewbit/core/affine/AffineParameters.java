package dev.fewbit.core.affine;

import dev.fewbit.core.format.Affine;

/**
 * Scale and zero point of one group of values.
 *
 * @param scale distance between two levels; finite, positive and not subnormal (some processors are
 *     set to flush subnormal numbers to zero, and a zero scale divides by zero)
 * @param zeroPoint the code that means zero
 */
public record AffineParameters(float scale, int zeroPoint) {

    /** Checks the scale. */
    public AffineParameters {
        if (!(scale >= Float.MIN_NORMAL && scale <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "a scale is a normal positive number, at least %s and finite, got %s"
                            .formatted(Float.MIN_NORMAL, scale));
        }
    }

    /**
     * The parameters whose levels span a range. The range is widened to include zero, so that zero
     * is exact.
     *
     * <p>Asymmetric: {@code S = (max - min) / (qmax - qmin)}, {@code Z = round(qmin - min / S)},
     * half to even. Symmetric: the zero point is {@link Affine#middle()} and S the smallest scale
     * whose levels reach both ends. Any value of the range is at most half a step (and some
     * rounding of floats) from a level, except the positive ones of a symmetric 1-bit format. A
     * range of zero alone has the scale 1; where S would be subnormal it is the smallest normal
     * number, and where a level would overflow S is rounded down.
     *
     * @param min smallest value, finite
     * @param max largest value, finite, not below min
     * @param format the codes
     * @throws IllegalArgumentException when an end is not finite or min is above max
     */
    public static AffineParameters of(float min, float max, Affine format) {
        if (!Float.isFinite(min) || !Float.isFinite(max) || min > max) {
            throw new IllegalArgumentException(
                    "a range has two finite ends in order, got [%s, %s]".formatted(min, max));
        }
        double low = Math.min(0.0, min);
        double high = Math.max(0.0, max);
        if (low == 0 && high == 0) {
            return new AffineParameters(1, format.symmetric() ? format.middle() : 0);
        }
        if (format.symmetric()) {
            double below = low / (format.qmin() - format.middle());
            int steps = format.qmax() - format.middle();
            double above = steps == 0 ? 0 : high / steps;
            double scale = Math.max(below, above);
            return scale == 0
                    ? new AffineParameters(1, format.middle())
                    : new AffineParameters(bounded(scale, format), format.middle());
        }
        float scale = bounded((high - low) / (format.levels() - 1), format);
        double zeroPoint = Math.rint(format.qmin() - low / scale);
        return new AffineParameters(
                scale, (int) Math.clamp(zeroPoint, format.qmin(), format.qmax()));
    }

    /**
     * The nearest scale that is a normal number and with which no level overflows.
     *
     * @param scale any positive number, infinity included
     * @param format the codes; at most {@code levels} steps lie between zero and a level
     */
    public static float bounded(double scale, Affine format) {
        int steps = format.symmetric() ? Math.max(1, format.levels() / 2) : format.levels() - 1;
        float bounded = (float) Math.clamp(scale, Float.MIN_NORMAL, Float.MAX_VALUE);
        while (Float.isInfinite(bounded * steps)) {
            bounded = Math.min(Math.nextDown(bounded), Float.MAX_VALUE / steps);
        }
        return bounded;
    }
}
