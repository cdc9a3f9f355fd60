package dev.fewbit.core.allocation;

import java.util.List;

/**
 * Chooses one option of each item so that the losses sum up to the least within a budget: the
 * multiple-choice knapsack with one or two limits. Nothing is rounded to coarser units, so the
 * choice is the best there is, up to the rounding of sums of losses.
 *
 * <p>Choices of equal loss are told apart by fewer bytes, then by less time, then by lower indices
 * in the order of the items. The same items and budget always give the same choice.
 *
 * <p>Method: prices for bytes and time that prove the highest bound ({@link PriceSearch}), then a
 * search of the choices whose loss is near the bound ({@link Solver}). Cost: some hundred items
 * with some dozen options take milliseconds with one limit, and from milliseconds to seconds with
 * two. There are problems that no known method solves in reasonable time (losses that are
 * proportional to bytes, for example). The search then stops at {@link #MOST_STATES} partial
 * choices, and {@link Choice#gap} says how far from the best its result is at most; it is 0 where
 * the result is the best.
 */
public final class Allocation {

    /** Partial choices that a search makes at most, unless told otherwise; some seconds of work. */
    public static final long MOST_STATES = 24_000_000;

    private Allocation() {}

    /**
     * The best choice within a budget.
     *
     * @param items the options of each item, at least one
     * @throws UnreachableBudgetException if no choice is within the budget
     * @throws IllegalArgumentException if an item has no option
     */
    public static Choice best(List<List<Option>> items, Budget budget) {
        return best(items, budget, MOST_STATES);
    }

    /**
     * The best choice within a budget that can be found by so many partial choices.
     *
     * @param mostStates bound on the work, 1 or more; one partial choice for each item is made
     *     whatever the bound. With two limits there may be a search for the smallest choice in time
     *     before, which has a bound of its own
     */
    public static Choice best(List<List<Option>> items, Budget budget, long mostStates) {
        return solve(items, budget, mostStates).choice();
    }

    /** What was found and how many partial choices were made for it. */
    record Solution(Choice choice, long states) {}

    static Solution solve(List<List<Option>> items, Budget budget, long mostStates) {
        if (mostStates < 1) {
            throw new IllegalArgumentException(
                    "a search makes at least 1 partial choice, got " + mostStates);
        }
        Problem problem = Problem.of(items, budget);
        Solver solver = new Solver(problem, mostStates);
        int[] chosen = solver.run(Start.within(items, budget, problem, mostStates));
        Choice choice = Choice.of(items, problem.original(chosen));
        double gap = Math.max(0, choice.loss() - solver.bound());
        return new Solution(choice.withGap(gap), solver.made());
    }
}
