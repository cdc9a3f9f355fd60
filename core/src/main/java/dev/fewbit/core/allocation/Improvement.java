package dev.fewbit.core.allocation;

/**
 * Spends what a choice leaves of the budget: takes the change of a single item that lowers the loss
 * most, until none within the budget lowers it.
 */
final class Improvement {

    private Improvement() {}

    /** A choice within the budget that is at least as good, as places in the problem. */
    static int[] of(Problem problem, int[] start) {
        int[] chosen = start.clone();
        long bytes = 0;
        long ticks = 0;
        for (int item = 0; item < chosen.length; item++) {
            bytes += problem.bytes[item][chosen[item]];
            ticks += problem.ticks[item][chosen[item]];
        }
        while (true) {
            int bestItem = -1;
            int best = -1;
            double most = 0;
            for (int item = 0; item < chosen.length; item++) {
                int now = chosen[item];
                // Options are in the order of their loss: the first that fits is the best.
                for (int k = 0; k < now; k++) {
                    long newBytes = bytes - problem.bytes[item][now] + problem.bytes[item][k];
                    long newTicks = ticks - problem.ticks[item][now] + problem.ticks[item][k];
                    if (problem.allows(newBytes, newTicks)) {
                        double less = problem.loss[item][now] - problem.loss[item][k];
                        if (less > most) {
                            most = less;
                            bestItem = item;
                            best = k;
                        }
                        break;
                    }
                }
            }
            if (bestItem < 0) {
                return chosen;
            }
            bytes += problem.bytes[bestItem][best] - problem.bytes[bestItem][chosen[bestItem]];
            ticks += problem.ticks[bestItem][best] - problem.ticks[bestItem][chosen[bestItem]];
            chosen[bestItem] = best;
        }
    }
}
