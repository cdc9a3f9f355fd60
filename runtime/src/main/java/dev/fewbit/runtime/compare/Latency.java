package dev.fewbit.runtime.compare;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Times two pieces of work against each other.
 *
 * <p>They run in turn, and who begins alternates, so that whatever slows the machine for a while
 * slows both alike; the median and the 10th and 90th percentiles are reported.
 *
 * @param median median time in ms
 * @param low 10th percentile in ms
 * @param high 90th percentile in ms
 */
record Latency(double median, double low, double high) {

    /** Runs of each when the budget allows that many. */
    static final int WANTED_RUNS = 15;

    /** Runs of each even when one run takes longer than the whole budget. */
    static final int LEAST_RUNS = 3;

    /**
     * The two results.
     *
     * @param first of the first piece of work
     * @param second of the second
     */
    record Pair(Latency first, Latency second) {}

    /**
     * Times the two until the number of runs is reached or the budget is spent. Warm-up is one run
     * of each, and up to nine more while they take less than a tenth of the budget.
     *
     * @param first one run of the first
     * @param second one run of the second
     * @param maximumRuns most runs of each
     * @param budgetNanos time that may be spent in all
     * @param clock nanoseconds
     * @return times per run
     */
    static Pair interleaved(
            Runnable first,
            Runnable second,
            int maximumRuns,
            long budgetNanos,
            LongSupplier clock) {
        long start = clock.getAsLong();
        int warmUp = 0;
        do {
            first.run();
            second.run();
            warmUp++;
        } while (warmUp < 10 && clock.getAsLong() - start < budgetNanos / 10);
        long once = (clock.getAsLong() - start) / warmUp;
        int least = once * WANTED_RUNS <= budgetNanos ? WANTED_RUNS : LEAST_RUNS;
        double[] firstTimes = new double[maximumRuns];
        double[] secondTimes = new double[maximumRuns];
        int runs = 0;
        while (runs < maximumRuns && (runs < least || clock.getAsLong() - start < budgetNanos)) {
            if (runs % 2 == 0) {
                firstTimes[runs] = time(first, clock);
                secondTimes[runs] = time(second, clock);
            } else {
                secondTimes[runs] = time(second, clock);
                firstTimes[runs] = time(first, clock);
            }
            runs++;
        }
        return new Pair(of(Arrays.copyOf(firstTimes, runs)), of(Arrays.copyOf(secondTimes, runs)));
    }

    private static double time(Runnable work, LongSupplier clock) {
        long start = clock.getAsLong();
        work.run();
        return (clock.getAsLong() - start) / 1e6;
    }

    /** Median and percentiles of times in ms, by linear interpolation between order statistics. */
    static Latency of(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return new Latency(quantile(sorted, 0.5), quantile(sorted, 0.1), quantile(sorted, 0.9));
    }

    private static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
