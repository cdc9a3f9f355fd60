package dev.fewbit.rounding;

import dev.fewbit.core.rounding.OutputMoments;
import dev.fewbit.core.rounding.SequentialTarget;
import dev.fewbit.core.rounding.WeightMatrix;
import dev.fewbit.core.rounding.Workers;

/**
 * How near to the float weights the target of a layer stays. A regression on few samples makes much
 * up; how much to trust it is seen on samples that it did not see: one half of them judges what
 * follows from the other.
 */
final class TargetChoice {
    /** As shares of the mean square of the inputs, the most trusting first. */
    private static final double[] DAMPINGS = {0.003, 0.01, 0.03, 0.1, 0.3, 1};

    /** Fewer, for large layers. */
    private static final double[] COARSE_DAMPINGS = {0.01, 0.1, 1};

    /** Multiplications from which on a layer is large. */
    private static final double LARGE = 5e7;

    /** The least where trying is too costly. */
    private static final double USUAL = 0.01;

    /** Inputs up to which it is not. */
    private static final int WIDEST = 640;

    private final WeightMatrix weights;
    private final double usual;
    private final Workers workers;

    /**
     * For a layer.
     *
     * @param damping what the moments are damped by, for as few rows as there are
     */
    TargetChoice(WeightMatrix weights, double damping, Workers workers) {
        this.weights = weights;
        this.usual = Math.max(USUAL, damping);
        this.workers = workers;
    }

    /** The target for these moments, all about zero or all about the means. */
    WeightMatrix target(FoldedMoments moments, OutputMoments all) {
        return SequentialTarget.of(weights, all, damping(moments), workers);
    }

    private double damping(FoldedMoments moments) {
        if (weights.columns() > WIDEST || !moments.isFolded()) {
            return usual;
        }
        boolean large = (double) weights.rows() * weights.columns() * weights.columns() > LARGE;
        double best = usual;
        double least = Double.POSITIVE_INFINITY;
        for (double damping : large ? COARSE_DAMPINGS : DAMPINGS) {
            double error = judged(moments.even(), moments.odd(), damping);
            if (!large) {
                error += judged(moments.odd(), moments.even(), damping);
            }
            if (error < least) {
                least = error;
                best = damping;
            }
        }
        return best;
    }

    private double judged(OutputMoments seen, OutputMoments unseen, double damping) {
        return unseen.relativeError(SequentialTarget.of(weights, seen, damping, workers), workers);
    }
}
