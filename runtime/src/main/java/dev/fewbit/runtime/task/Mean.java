package dev.fewbit.runtime.task;

/**
 * The mean over the questions, {@code m = sum v / n}; of right (1) and wrong (0) answers it is the
 * accuracy.
 *
 * <pre>
 * standard error            = sqrt( sum (v - m)^2 / (n (n - 1)) )
 * ... of the difference       the same, of the differences question by question
 * </pre>
 *
 * <p>For zeros and ones that is the binomial standard error but for n - 1 instead of n.
 */
public final class Mean implements Statistic {

    private final Doubles values = new Doubles();

    void add(double value) {
        values.add(value);
    }

    @Override
    public double value() {
        return values.sum() / values.size();
    }

    @Override
    public long samples() {
        return values.size();
    }

    @Override
    public double standardError() {
        return error(values.toArray());
    }

    @Override
    public double differenceError(Statistic other) {
        if (!(other instanceof Mean mean) || mean.values.size() != values.size()) {
            throw Statistic.incomparable(this, other);
        }
        double[] differences = new double[values.size()];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = mean.values.get(i) - values.get(i);
        }
        return error(differences);
    }

    private static double error(double[] values) {
        int count = values.length;
        double mean = 0;
        for (double value : values) {
            mean += value / count;
        }
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return count < 2 ? Double.NaN : Math.sqrt(squares / count / (count - 1));
    }
}
