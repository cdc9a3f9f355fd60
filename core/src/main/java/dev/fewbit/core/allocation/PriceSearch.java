package dev.fewbit.core.allocation;

/**
 * Finds the prices of bytes and time with the highest bound, and on the way choices within the
 * budget.
 *
 * <p>The bound is concave in the prices. With one limit its slope changes sign where the cheapest
 * choice begins to keep the limit, found by bisection; with two, the price of time is bisected and
 * for each the best price of bytes found, where the slope is that of the mixture of the two
 * cheapest choices that meets the bytes exactly. Cost: O(options) for each of 50 or 2500 pairs of
 * prices. Any price proves a bound, so that an inexact end costs sharpness and not correctness.
 */
final class PriceSearch {

    /** Prices are searched from 2^-500 to 2^500 loss, and 0. */
    private static final double LOWEST = 0x1p-500;

    private static final double HIGHEST = 0x1p500;

    /** Prices this close are alike. */
    private static final double RATIO = 1 + 0x1p-40;

    private final Problem problem;
    private final int[] cheapest;

    /** Of the best choice within the budget that was met. */
    private final int[] incumbent;

    private double incumbentLoss;

    /** Of the cheapest choice at the prices looked at last. */
    private double loss;

    private long bytes;
    private long ticks;

    /** Starts from a choice within the budget. */
    PriceSearch(Problem problem, int[] start) {
        this.problem = problem;
        this.cheapest = new int[problem.items()];
        this.incumbent = start.clone();
        for (int item = 0; item < start.length; item++) {
            incumbentLoss += problem.loss[item][start[item]];
        }
    }

    /** The best choice within the budget that was met, as places in the problem. */
    int[] incumbent() {
        return incumbent.clone();
    }

    Bound run() {
        Priced free = byBytes(0);
        if (!problem.limitsTicks || free.ticks <= problem.mostTicks) {
            return Bound.of(problem, new Multipliers(free.perByte, 0));
        }
        double low = LOWEST;
        double high = HIGHEST;
        while (high / low > RATIO) {
            double middle = between(low, high);
            if (byBytes(middle).ticks <= problem.mostTicks) {
                high = middle;
            } else {
                low = middle;
            }
        }
        Bound fast = Bound.of(problem, new Multipliers(byBytes(high).perByte, high));
        Bound slow = Bound.of(problem, new Multipliers(byBytes(low).perByte, low));
        return slow.loss() > fast.loss() ? slow : fast;
    }

    /** The best price of a byte at a price of ticks, and the ticks of the mixture there. */
    private Priced byBytes(double perTick) {
        look(0, perTick);
        if (!problem.limitsBytes || bytes <= problem.mostBytes) {
            return new Priced(0, ticks);
        }
        double low = LOWEST;
        double high = HIGHEST;
        double largeBytes = bytes;
        double largeTicks = ticks;
        look(high, perTick);
        double smallBytes = bytes;
        double smallTicks = ticks;
        while (high / low > RATIO) {
            double middle = between(low, high);
            look(middle, perTick);
            if (bytes <= problem.mostBytes) {
                high = middle;
                smallBytes = bytes;
                smallTicks = ticks;
            } else {
                low = middle;
                largeBytes = bytes;
                largeTicks = ticks;
            }
        }
        double share = (problem.mostBytes - smallBytes) / (largeBytes - smallBytes);
        return new Priced(high, smallTicks + share * (largeTicks - smallTicks));
    }

    private record Priced(double perByte, double ticks) {}

    /** Halfway on a logarithmic scale. */
    private static double between(double low, double high) {
        return Math.sqrt(low) * Math.sqrt(high);
    }

    /** Sums up the cheapest choice at given prices, and keeps it if it is a better one. */
    private void look(double perByte, double perTick) {
        loss = 0;
        bytes = 0;
        ticks = 0;
        for (int item = 0; item < cheapest.length; item++) {
            double[] losses = problem.loss[item];
            long[] sizes = problem.bytes[item];
            long[] times = problem.ticks[item];
            int best = 0;
            double least = Double.POSITIVE_INFINITY;
            for (int k = 0; k < losses.length; k++) {
                double cost = losses[k] + perByte * sizes[k] + perTick * times[k];
                if (cost < least) {
                    least = cost;
                    best = k;
                }
            }
            cheapest[item] = best;
            loss += losses[best];
            bytes += sizes[best];
            ticks += times[best];
        }
        if (loss < incumbentLoss && problem.allows(bytes, ticks)) {
            incumbentLoss = loss;
            System.arraycopy(cheapest, 0, incumbent, 0, cheapest.length);
        }
    }
}
