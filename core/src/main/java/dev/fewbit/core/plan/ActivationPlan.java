package dev.fewbit.core.plan;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;

/**
 * What was decided for one value that a network computes: it is rounded to these levels, per
 * tensor, wherever a node with integer arithmetic makes or reads it. What lies beyond the levels
 * becomes the nearest of them.
 *
 * @param value name of the value in the prepared graph
 * @param format number format of the codes, 2 to 8 or 16 bits
 * @param parameters scale and zero point
 * @param range how the range was found, for people, for example {@code squared-error}
 * @param reason why, as a sentence for a person
 */
public record ActivationPlan(
        String value, Affine format, AffineParameters parameters, String range, String reason) {

    /** Refuses other widths, and zero points outside. */
    public ActivationPlan {
        String what = "the activation '" + value + "'";
        ActivationCodes.requireStorable(format, what);
        ActivationCodes.requireZeroPoint(format, parameters, what);
    }

    /** Smallest value that the codes can express. */
    public float low() {
        return (format.qmin() - parameters.zeroPoint()) * parameters.scale();
    }

    /** Largest value that the codes can express. */
    public float high() {
        return (format.qmax() - parameters.zeroPoint()) * parameters.scale();
    }
}
