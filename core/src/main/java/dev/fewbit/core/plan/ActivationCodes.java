package dev.fewbit.core.plan;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;

/** What the codes of activations may be. */
final class ActivationCodes {
    private static final int FEWEST_BITS = 2;

    private ActivationCodes() {}

    /**
     * Refuses codes of more than 8 bits, and of fewer than 2.
     *
     * @param what whose codes they are, for the message
     */
    static void requireNarrow(Affine format, String what) {
        if (format.bits() < FEWEST_BITS || format.bits() > Byte.SIZE) {
            throw new IllegalArgumentException(
                    "%s has %d to %d bits, got %d"
                            .formatted(what, FEWEST_BITS, Byte.SIZE, format.bits()));
        }
    }

    /** Refuses widths that no integer type of a runtime holds: 2 to 8 bits and 16 are taken. */
    static void requireStorable(Affine format, String what) {
        if (format.bits() != Short.SIZE
                && (format.bits() < FEWEST_BITS || format.bits() > Byte.SIZE)) {
            throw new IllegalArgumentException(
                    "%s has %d to %d bits or %d, got %d"
                            .formatted(what, FEWEST_BITS, Byte.SIZE, Short.SIZE, format.bits()));
        }
    }

    /** Refuses a zero point that is no code. */
    static void requireZeroPoint(Affine format, AffineParameters parameters, String what) {
        int zeroPoint = parameters.zeroPoint();
        if (zeroPoint < format.qmin() || zeroPoint > format.qmax()) {
            throw new IllegalArgumentException(
                    "the zero point of %s lies in %d to %d, got %d"
                            .formatted(what, format.qmin(), format.qmax(), zeroPoint));
        }
    }
}
