package dev.fewbit.runtime.task;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Spearman's rank correlation of two series: Pearson's correlation of their ranks, equal values
 * sharing the mean of their ranks.
 *
 * <p>Standard errors by the jackknife over groups: with every g-th value from the i-th left out the
 * figure is r_i, and the error {@code sqrt((g - 1) / g sum (r_i - mean r)^2)}; g = 20, or the
 * number of values if that is less. The figures are recomputed from ranks of what is left.
 */
public final class RankCorrelation implements Statistic {

    private static final int GROUPS = 20;

    private final Doubles found = new Doubles();
    private final Doubles expected = new Doubles();

    void add(double value, double reference) {
        found.add(value);
        expected.add(reference);
    }

    @Override
    public double value() {
        return correlation(found.toArray(), expected.toArray());
    }

    @Override
    public long samples() {
        return found.size();
    }

    @Override
    public double standardError() {
        return jackknife(partial());
    }

    @Override
    public double differenceError(Statistic other) {
        if (!(other instanceof RankCorrelation correlation)
                || correlation.found.size() != found.size()) {
            throw Statistic.incomparable(this, other);
        }
        double[] differences = correlation.partial();
        double[] mine = partial();
        for (int i = 0; i < mine.length; i++) {
            differences[i] -= mine[i];
        }
        return jackknife(differences);
    }

    /** The figure with each group left out. */
    private double[] partial() {
        int count = found.size();
        double[] values = found.toArray();
        double[] references = expected.toArray();
        double[] figures = new double[Math.min(GROUPS, count)];
        for (int group = 0; group < figures.length; group++) {
            figures[group] =
                    correlation(
                            without(values, group, figures.length),
                            without(references, group, figures.length));
        }
        return figures;
    }

    /** Leaves out every so many-th value: data often comes in an order, which blocks would show. */
    private static double[] without(double[] values, int first, int step) {
        return IntStream.range(0, values.length)
                .filter(i -> i % step != first)
                .mapToDouble(i -> values[i])
                .toArray();
    }

    private static double jackknife(double[] figures) {
        double mean = Arrays.stream(figures).average().orElse(Double.NaN);
        double squares = 0;
        for (double figure : figures) {
            squares += (figure - mean) * (figure - mean);
        }
        double groups = figures.length;
        return groups < 2 ? Double.NaN : Math.sqrt((groups - 1) / groups * squares);
    }

    /** Not-a-number when one side does not vary, or has something in it that is no number. */
    static double correlation(double[] first, double[] second) {
        if (Arrays.stream(first).anyMatch(Double::isNaN)) {
            return Double.NaN;
        }
        double[] x = ranks(first);
        double[] y = ranks(second);
        double middle = (x.length + 1) / 2.0;
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += (x[i] - middle) * (x[i] - middle);
            yy += (y[i] - middle) * (y[i] - middle);
            xy += (x[i] - middle) * (y[i] - middle);
        }
        return xy / Math.sqrt(xx * yy);
    }

    /** Ranks from 1; equal values share the mean of theirs. */
    static double[] ranks(double[] values) {
        int[] order =
                IntStream.range(0, values.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> values[i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        double[] ranks = new double[values.length];
        int from = 0;
        while (from < order.length) {
            int to = from + 1;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + 1 + to) / 2.0;
            }
            from = to;
        }
        return ranks;
    }
}
