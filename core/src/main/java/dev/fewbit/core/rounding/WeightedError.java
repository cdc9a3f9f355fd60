package dev.fewbit.core.rounding;

import dev.fewbit.core.kernel.MatrixKernels;

/**
 * The common judge of roundings: {@code trace((W - V) H (W - V)^T)}, the expected squared error of
 * all outputs together when the weights W became V.
 */
public final class WeightedError {

    private static final int BAND = 32;

    private WeightedError() {}

    /** The error of rounded weights. */
    public static double of(
            WeightMatrix weights, RoundedMatrix rounded, Hessian h, Workers workers) {
        return of(weights, rounded.toWeights(), h, workers);
    }

    /** The error of other weights. Does not depend on the number of threads. */
    public static double of(WeightMatrix weights, WeightMatrix others, Hessian h, Workers workers) {
        double total = 0;
        for (double error : ofRows(weights, others, h, workers)) {
            total += error;
        }
        return total;
    }

    /** The expected squared error of every output. */
    public static double[] ofRows(
            WeightMatrix weights, WeightMatrix others, Hessian h, Workers workers) {
        weights.requireColumns("Hessian", h.width());
        if (others.rows() != weights.rows() || others.columns() != weights.columns()) {
            throw new IllegalArgumentException(
                    "matrices of one size are compared, got %d x %d and %d x %d"
                            .formatted(
                                    weights.rows(),
                                    weights.columns(),
                                    others.rows(),
                                    others.columns()));
        }
        double[] errors = new double[weights.rows()];
        workers.runRanges(
                weights.rows(), BAND, (from, to) -> band(weights, others, h, from, to, errors));
        return errors;
    }

    private static void band(
            WeightMatrix weights,
            WeightMatrix others,
            Hessian h,
            int from,
            int to,
            double[] errors) {
        int columns = weights.columns();
        int rows = to - from;
        double[] differences = new double[rows * columns];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                differences[r * columns + c] =
                        (double) weights.get(from + r, c) - others.get(from + r, c);
            }
        }
        double[] product = new double[rows * columns];
        MatrixKernels.best()
                .subtractProduct(
                        differences,
                        0,
                        columns,
                        h.values(),
                        0,
                        columns,
                        product,
                        0,
                        columns,
                        rows,
                        columns,
                        columns);
        for (int r = 0; r < rows; r++) {
            errors[from + r] =
                    Math.max(0, -Rows.dot(differences, r * columns, product, r * columns, columns));
        }
    }
}
