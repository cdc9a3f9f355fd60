package dev.fewbit.core.calibrate;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.statistics.Distribution;

/**
 * Finds scale and zero point of a tensor, and says what they cost, from its distribution alone.
 *
 * <p>Zero is always exact. A distribution that contains the huge values of a mask should be given
 * {@linkplain dev.fewbit.core.statistics.OctaveHistogram#withoutMask() without} them, or the range
 * will cover them, or nearly.
 */
public final class ActivationRanges {

    private ActivationRanges() {}

    /**
     * The parameters of a range.
     *
     * @param distribution the values, at least one
     * @param range how to choose
     * @param format the codes: of 8 bits for {@link ActivationRange.Entropy}, otherwise any
     * @throws IllegalArgumentException when there are no values, or the format is not of 8 bits as
     *     entropy needs it
     */
    public static AffineParameters find(
            Distribution distribution, ActivationRange range, Affine format) {
        requireValues(distribution);
        return switch (range) {
            case ActivationRange.MinMax _ -> spanning(distribution, format);
            case ActivationRange.Percentile(double percent) ->
                    within(
                            distribution,
                            Magnitudes.of(distribution).quantile(percent / 100),
                            format);
            case ActivationRange.Entropy _ ->
                    within(distribution, EntropySearch.magnitude(distribution, format), format);
            case ActivationRange.SquaredError _ ->
                    new SquaredErrorSearch(distribution, format).find();
        };
    }

    /**
     * Mean squared difference between the values and what is left of them after rounding and
     * clipping, in the unit of the values squared. Values are taken as spread evenly over the
     * pieces of the distribution, and zeros as exact; rounding of floats is left out.
     *
     * @param distribution the values, at least one
     * @param parameters scale and zero point
     * @param format the codes
     */
    public static double expectedSquaredError(
            Distribution distribution, AffineParameters parameters, Affine format) {
        requireValues(distribution);
        AffineMapping mapping = new AffineMapping(format, parameters);
        return new RoundingError(distribution).of(mapping) / distribution.count();
    }

    static AffineParameters spanning(Distribution distribution, Affine format) {
        return AffineParameters.of(distribution.minimum(), distribution.maximum(), format);
    }

    /** Levels that span the values up to a magnitude. */
    private static AffineParameters within(
            Distribution distribution, double magnitude, Affine format) {
        float limit = (float) magnitude;
        float low = Math.clamp(distribution.minimum(), -limit, limit);
        float high = Math.clamp(distribution.maximum(), -limit, limit);
        return AffineParameters.of(low, high, format);
    }

    private static void requireValues(Distribution distribution) {
        if (distribution.count() == 0) {
            throw new IllegalArgumentException(
                    "a range needs at least one finite value; the tensor had none in all samples");
        }
    }
}
