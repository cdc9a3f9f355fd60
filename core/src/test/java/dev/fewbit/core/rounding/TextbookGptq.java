package dev.fewbit.core.rounding;

/**
 * GPTQ as optimal brain surgery states it: after each column the inverse of the Hessian of all
 * columns not yet rounded is computed anew, by elimination.
 */
final class TextbookGptq {

    private TextbookGptq() {}

    static byte[] round(WeightMatrix weights, Hessian damped, RoundingGrid grid, int[] order) {
        int n = weights.columns();
        byte[] codes = new byte[weights.rows() * n];
        double[][] work = new double[weights.rows()][n];
        for (int row = 0; row < weights.rows(); row++) {
            weights.copyRow(row, work[row], 0);
        }
        for (int step = 0; step < n; step++) {
            double[][] inverse = inverse(damped, order, step);
            for (int row = 0; row < weights.rows(); row++) {
                int column = order[step];
                double weight = work[row][column];
                byte code = grid.nearest(row, column, weight);
                codes[row * n + column] = code;
                double error = (weight - grid.value(row, column, code)) / inverse[0][0];
                for (int j = step; j < n; j++) {
                    work[row][order[j]] -= error * inverse[0][j - step];
                }
            }
        }
        return codes;
    }

    /** The inverse of the part that belongs to the columns from a place in the order on. */
    private static double[][] inverse(Hessian h, int[] order, int first) {
        int n = order.length - first;
        double[][] both = new double[n][2 * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                both[i][j] = h.get(order[first + i], order[first + j]);
            }
            both[i][n + i] = 1;
        }
        for (int p = 0; p < n; p++) {
            double pivot = both[p][p];
            for (int j = 0; j < 2 * n; j++) {
                both[p][j] /= pivot;
            }
            for (int i = 0; i < n; i++) {
                double factor = both[i][p];
                for (int j = 0; i != p && j < 2 * n; j++) {
                    both[i][j] -= factor * both[p][j];
                }
            }
        }
        double[][] inverse = new double[n][n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(both[i], n, inverse[i], 0, n);
        }
        return inverse;
    }
}
