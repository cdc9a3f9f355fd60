package dev.fewbit;

import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.format.Affine;

import java.util.Optional;

/**
 * How activations are quantized with levels that are found beforehand.
 *
 * @param activationBits 8, or 16 where 8 are not enough (which the runtime computes in float), or 2
 *     to 7: then layers with weights read so many bits, those that bear least excepted where the
 *     recipe tells them apart, and all else is rounded to 8 bits
 * @param calibration how the range of an activation is found; empty to choose for each one by the
 *     error that it makes in the model's outputs
 * @param corrections whether the network is corrected before and after rounding, where that is
 *     found to help
 */
public record StaticOptions(
        int activationBits, Optional<ActivationRange> calibration, boolean corrections) {

    /** Fewest bits of an activation. */
    public static final int FEWEST_BITS = 2;

    /** The word for a calibration that chooses for itself. */
    public static final String AUTO = "auto";

    /** 8 bits, least squared error, corrected. */
    public static final StaticOptions DEFAULT =
            new StaticOptions(8, Optional.of(new ActivationRange.SquaredError()), true);

    /** Refuses other widths. */
    public StaticOptions {
        boolean narrow = activationBits >= FEWEST_BITS && activationBits <= Byte.SIZE;
        if (!narrow && activationBits != Short.SIZE) {
            throw new IllegalArgumentException(
                    "static activations have %d to %d bits or %d, got %d"
                            .formatted(FEWEST_BITS, Byte.SIZE, Short.SIZE, activationBits));
        }
    }

    /** The number format of the activations that have the bits that are asked for. */
    public Affine activationFormat() {
        return new Affine(activationBits, false, false);
    }

    /** The same with another width. */
    public StaticOptions withActivationBits(int bits) {
        return new StaticOptions(bits, calibration, corrections);
    }

    /**
     * The same with ranges found another way.
     *
     * @param label {@value #AUTO}, or the label of an {@link ActivationRange}
     * @throws IllegalArgumentException naming the possible labels if it is neither
     */
    public StaticOptions withCalibration(String label) {
        return new StaticOptions(
                activationBits,
                label.equals(AUTO) ? Optional.empty() : Optional.of(ActivationRange.of(label)),
                corrections);
    }

    /** The same with or without corrections. */
    public StaticOptions withCorrections(boolean wanted) {
        return new StaticOptions(activationBits, calibration, wanted);
    }
}
