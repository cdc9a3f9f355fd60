package dev.fewbit.runtime.task;

/**
 * The exponential of the mean negative log-likelihood per token, {@code exp(sum s / sum t)} over
 * rows of t tokens with a sum of s.
 *
 * <p>Tokens of one row depend on each other, so rows are what varies: with residuals {@code e = s -
 * m t}, {@code m = sum s / sum t}, over n rows, the standard error of m is {@code sqrt(n / (n - 1)
 * sum e^2) / sum t} (ratio estimator), and that of the perplexity is {@code exp(m)} times as much
 * (delta method). That of the difference takes {@code exp(m') e' - exp(m) e} row by row.
 */
public final class Perplexity implements Statistic {

    private final Doubles sums = new Doubles();
    private final Doubles tokens = new Doubles();

    void add(double negativeLogLikelihood, long count) {
        sums.add(negativeLogLikelihood);
        tokens.add((double) count);
    }

    @Override
    public double value() {
        return Math.exp(mean());
    }

    @Override
    public long samples() {
        return (long) tokens.sum();
    }

    @Override
    public double standardError() {
        return error(residuals());
    }

    @Override
    public double differenceError(Statistic other) {
        if (!(other instanceof Perplexity perplexity)
                || perplexity.sums.size() != sums.size()
                || perplexity.samples() != samples()) {
            throw Statistic.incomparable(this, other);
        }
        double[] residuals = perplexity.residuals();
        double[] mine = residuals();
        for (int row = 0; row < mine.length; row++) {
            residuals[row] -= mine[row];
        }
        return error(residuals);
    }

    private double mean() {
        return sums.sum() / tokens.sum();
    }

    private double[] residuals() {
        double mean = mean();
        double[] residuals = new double[sums.size()];
        for (int row = 0; row < residuals.length; row++) {
            residuals[row] = Math.exp(mean) * (sums.get(row) - mean * tokens.get(row));
        }
        return residuals;
    }

    private double error(double[] residuals) {
        double squares = 0;
        for (double residual : residuals) {
            squares += residual * residual;
        }
        double rows = residuals.length;
        return rows < 2 ? Double.NaN : Math.sqrt(rows / (rows - 1) * squares) / tokens.sum();
    }
}
