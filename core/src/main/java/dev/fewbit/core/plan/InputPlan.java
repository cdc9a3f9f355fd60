package dev.fewbit.core.plan;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;

/**
 * Levels that the data input of a node with weights (its input 0) is rounded to right before the
 * node, after it has been rounded to its own levels. For values that others read with more bits: a
 * sum of residual branches is added to in 8 bits, and convolved in 4.
 *
 * @param format number format of the codes, 2 to 8 bits
 * @param parameters scale and zero point
 * @param range how the range was found, for people, for example {@code squared-error}
 * @param reason why, as a sentence for a person
 */
public record InputPlan(Affine format, AffineParameters parameters, String range, String reason) {

    /** Refuses other widths, and zero points outside. */
    public InputPlan {
        ActivationCodes.requireNarrow(format, "the input of an operator");
        ActivationCodes.requireZeroPoint(format, parameters, "the input of an operator");
    }

    /** The same levels for a value. */
    public ActivationPlan of(String value) {
        return new ActivationPlan(value, format, parameters, range, reason);
    }
}
