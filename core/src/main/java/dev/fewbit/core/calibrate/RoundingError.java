package dev.fewbit.core.calibrate;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.statistics.Distribution;
import dev.fewbit.core.statistics.Pieces;

/**
 * What rounding to evenly spaced levels and clipping cost, summed over a distribution.
 *
 * <p>Zero is a level, so that the values above and below it can be looked at apart: each side has
 * levels {@code 0, S, 2S, ... kS}.
 */
final class RoundingError {

    private final SideError positive;
    private final SideError negative;

    RoundingError(Distribution distribution) {
        Pieces pieces = distribution.pieces();
        positive = new SideError(Magnitudes.of(pieces, false));
        negative = new SideError(Magnitudes.of(pieces, true));
    }

    /** Sum of the squared errors of all values. */
    double of(AffineMapping mapping) {
        int zeroPoint = mapping.parameters().zeroPoint();
        double scale = mapping.parameters().scale();
        return positive.exact(scale, mapping.format().qmax() - zeroPoint)
                + negative.exact(scale, zeroPoint - mapping.format().qmin());
    }

    /** The side above zero. */
    SideError positive() {
        return positive;
    }

    /** The side below zero, as magnitudes. */
    SideError negative() {
        return negative;
    }
}
