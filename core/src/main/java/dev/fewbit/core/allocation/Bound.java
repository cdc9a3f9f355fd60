package dev.fewbit.core.allocation;

/**
 * The highest bound that prices prove.
 *
 * @param prices the prices that prove it
 * @param loss no choice within the budget has a smaller loss
 * @param tolerance how far two sums over all items, equal on paper, may be apart by rounding
 */
record Bound(Multipliers prices, double loss, double tolerance) {

    /** Rounding errors of sums of thousands of terms stay below this part of their magnitude. */
    private static final double ROUNDING = 1e-12;

    /** The bound that some prices prove. */
    static Bound of(Problem problem, Multipliers prices) {
        double cost = 0;
        double magnitude = 0;
        for (int item = 0; item < problem.items(); item++) {
            int best = 0;
            for (int k = 1; k < problem.loss[item].length; k++) {
                if (prices.cost(problem, item, k) < prices.cost(problem, item, best)) {
                    best = k;
                }
            }
            double least = prices.cost(problem, item, best);
            cost += least;
            // The price that is paid is not negative, so this is at least each of the two parts.
            magnitude += Math.abs(least) + Math.abs(problem.loss[item][best]);
        }
        double budget = prices.budget(problem);
        return new Bound(prices, cost - budget, ROUNDING * (magnitude + budget));
    }
}
