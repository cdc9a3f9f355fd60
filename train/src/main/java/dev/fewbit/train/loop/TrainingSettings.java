package dev.fewbit.train.loop;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/**
 * How to train.
 *
 * @param adam whether by Adam; else by stochastic gradient descent with momentum
 * @param rate highest learning rate of weights
 * @param levelRate highest learning rate of scales and tables
 * @param decay weight decay of weights
 * @param steps steps in all
 * @param warmup steps in which the rate rises; then it falls to nothing as a cosine does
 * @param evaluation steps between two evaluations
 * @param patience evaluations without progress after which to stop
 * @param checkpoint folder to keep the state in, and to go on from; null to keep none
 */
public record TrainingSettings(
        boolean adam,
        double rate,
        double levelRate,
        double decay,
        long steps,
        long warmup,
        long evaluation,
        int patience,
        @Nullable Path checkpoint) {

    /** Refuses what cannot be. */
    public TrainingSettings {
        if (steps < 1 || evaluation < 1 || patience < 1 || warmup < 0) {
            throw new IllegalArgumentException(
                    "there is at least 1 step, 1 between evaluations and 1 of patience, got %d, %d and %d"
                            .formatted(steps, evaluation, patience));
        }
        if (!(rate > 0) || !(levelRate >= 0) || !(decay >= 0)) {
            throw new IllegalArgumentException(
                    "rates are positive and a decay is not negative, got %s, %s and %s"
                            .formatted(rate, levelRate, decay));
        }
    }

    /** The share of the highest rates in a step: a line up, then half a cosine down to nothing. */
    double share(long step) {
        if (step < warmup) {
            return (step + 1.0) / (warmup + 1.0);
        }
        double done = (double) (step - warmup) / Math.max(1, steps - warmup);
        return 0.5 * (1 + Math.cos(Math.PI * done));
    }
}
