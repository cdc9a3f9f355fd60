package dev.fewbit.search;

import dev.fewbit.Progress;
import dev.fewbit.core.allocation.Budget;
import dev.fewbit.core.allocation.Choice;
import dev.fewbit.core.allocation.Swap;
import dev.fewbit.core.allocation.Swaps;

import java.io.IOException;

/**
 * Improves a choice by measuring. Losses of single weights add up to that of the network as long as
 * they are small; with few bits they do not, and a neighbour of the predicted best may be better.
 */
final class Repair {
    /** Neighbours that are measured at most. */
    private static final int TRIALS = 24;

    /** So many in a row that are no better, and it is enough. */
    private static final int PATIENCE = 8;

    /** Less is chance. */
    private static final double WORTHWHILE = 0.995;

    private Repair() {}

    /**
     * Improves.
     *
     * @param trials measures networks
     * @param start the best prediction
     * @param budget what a network may take
     */
    static Choice run(Trials trials, Choice start, Budget budget, Progress progress)
            throws IOException, InterruptedException {
        Choice best = start;
        double least = trials.loss(start);
        int measured = 0;
        int idle = 0;
        boolean improved = true;
        while (improved) {
            improved = false;
            for (Swap swap : Swaps.of(trials.space().items(), best, budget)) {
                if (measured >= TRIALS || idle >= PATIENCE) {
                    return best;
                }
                progress.update("trying neighbours", measured, TRIALS);
                measured++;
                double loss = trials.loss(swap.choice());
                if (loss < least * WORTHWHILE) {
                    best = swap.choice();
                    least = loss;
                    idle = 0;
                    improved = true;
                    break;
                }
                idle++;
            }
        }
        return best;
    }
}
