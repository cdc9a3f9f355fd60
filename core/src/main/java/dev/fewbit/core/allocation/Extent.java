package dev.fewbit.core.allocation;

import java.util.List;

/**
 * What some items come to at least and at most, whatever is chosen for them.
 *
 * @param leastCosts what the cheapest options cost at each of several prices
 */
@SuppressWarnings("ArrayRecordComponent") // Read in the innermost loop, and never handed out.
record Extent(
        long leastBytes, long mostBytes, long leastTicks, long mostTicks, double[] leastCosts) {

    /** Of no items. */
    static Extent nothing(int prices) {
        return new Extent(0, 0, 0, 0, new double[prices]);
    }

    /** Of one item with some of its options. */
    static Extent of(Problem problem, List<Multipliers> prices, int item, int[] options) {
        long leastBytes = Long.MAX_VALUE;
        long mostBytes = 0;
        long leastTicks = Long.MAX_VALUE;
        long mostTicks = 0;
        for (int k : options) {
            leastBytes = Math.min(leastBytes, problem.bytes[item][k]);
            mostBytes = Math.max(mostBytes, problem.bytes[item][k]);
            leastTicks = Math.min(leastTicks, problem.ticks[item][k]);
            mostTicks = Math.max(mostTicks, problem.ticks[item][k]);
        }
        double[] leastCosts = new double[prices.size()];
        for (int p = 0; p < leastCosts.length; p++) {
            double least = Double.POSITIVE_INFINITY;
            for (int k : options) {
                least = Math.min(least, prices.get(p).cost(problem, item, k));
            }
            leastCosts[p] = least;
        }
        return new Extent(leastBytes, mostBytes, leastTicks, mostTicks, leastCosts);
    }

    Extent plus(Extent other) {
        double[] costs = leastCosts.clone();
        for (int p = 0; p < costs.length; p++) {
            costs[p] += other.leastCosts[p];
        }
        return new Extent(
                leastBytes + other.leastBytes,
                mostBytes + other.mostBytes,
                leastTicks + other.leastTicks,
                mostTicks + other.mostTicks,
                costs);
    }
}
