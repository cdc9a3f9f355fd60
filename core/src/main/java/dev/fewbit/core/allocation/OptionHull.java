package dev.fewbit.core.allocation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/** The options of one item on the lower hull of amount and loss. */
final class OptionHull {

    private OptionHull() {}

    /**
     * Indices from the option of the least amount to the one of the least loss. From each to the
     * next the loss falls, and by less per unit than the step before.
     */
    static List<Integer> of(List<Option> options, ToLongFunction<Option> amount) {
        List<Integer> order = new ArrayList<>();
        for (int k = 0; k < options.size(); k++) {
            order.add(k);
        }
        order.sort(
                Comparator.comparingLong((Integer k) -> amount.applyAsLong(options.get(k)))
                        .thenComparingDouble(k -> options.get(k).loss())
                        .thenComparingLong(k -> options.get(k).bytes())
                        .thenComparingDouble(k -> options.get(k).seconds())
                        .thenComparingInt(k -> k));
        List<Integer> hull = new ArrayList<>();
        for (int k : order) {
            if (!hull.isEmpty() && options.get(k).loss() >= options.get(hull.getLast()).loss()) {
                continue;
            }
            while (hull.size() > 1
                    && saving(options, amount, hull.get(hull.size() - 2), hull.getLast())
                            <= saving(options, amount, hull.getLast(), k)) {
                hull.removeLast();
            }
            hull.add(k);
        }
        return hull;
    }

    /** Loss that the larger of two options saves for each unit that it takes more. */
    static double saving(
            List<Option> options, ToLongFunction<Option> amount, int smaller, int larger) {
        Option small = options.get(smaller);
        Option large = options.get(larger);
        return (small.loss() - large.loss())
                / (amount.applyAsLong(large) - amount.applyAsLong(small));
    }
}
