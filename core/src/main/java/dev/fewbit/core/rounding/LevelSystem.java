package dev.fewbit.core.rounding;

import java.util.Arrays;

/** The equations for the levels of the tables that a few rows use: {@code P^T H P, P^T H w}. */
final class LevelSystem {

    /** Columns of H that are gone through together, so that the sums stay in the cache. */
    private static final int STRIP = 256;

    private final LevelGrid grid;
    private final int firstTable;

    /** Of each table that the rows use. */
    private final double[][] products;

    private final double[][] sides;

    LevelSystem(
            WeightMatrix target,
            Hessian h,
            RoundedMatrix rounded,
            LevelGrid grid,
            int firstRow,
            int endRow) {
        this.grid = grid;
        this.firstTable = firstRow / grid.rowsPerTable();
        int tables = (endRow - 1) / grid.rowsPerTable() - firstTable + 1;
        products = new double[tables][];
        sides = new double[tables][];
        for (int t = 0; t < tables; t++) {
            int levels = grid.table((firstTable + t) * grid.rowsPerTable()).length;
            products[t] = new double[levels * levels];
            sides[t] = new double[levels];
        }
        for (int from = 0; from < h.width(); from += STRIP) {
            addStrip(target, h, rounded, firstRow, endRow, from);
        }
    }

    private void addStrip(
            WeightMatrix target,
            Hessian h,
            RoundedMatrix rounded,
            int firstRow,
            int endRow,
            int from) {
        int columns = h.width();
        int width = Math.min(STRIP, columns - from);
        int rows = endRow - firstRow;
        double[][] sums = new double[rows][];
        for (int r = 0; r < rows; r++) {
            sums[r] = new double[sides[tableOf(firstRow + r)].length * width];
        }
        for (int i = 0; i < columns; i++) {
            for (int r = 0; r < rows; r++) {
                int code = rounded.code(firstRow + r, i) & 0xFF;
                double scale = grid.scale(firstRow + r, i / grid.groupSize());
                Rows.subtract(-scale, h.values(), i * columns + from, sums[r], code * width, width);
            }
        }
        for (int r = 0; r < rows; r++) {
            int row = firstRow + r;
            double[] product = products[tableOf(row)];
            double[] side = sides[tableOf(row)];
            for (int k = 0; k < side.length; k++) {
                for (int j = 0; j < width; j++) {
                    int code = rounded.code(row, from + j) & 0xFF;
                    double scale = grid.scale(row, (from + j) / grid.groupSize());
                    double sum = sums[r][k * width + j];
                    product[k * side.length + code] += scale * sum;
                    side[k] += sum * target.get(row, from + j);
                }
            }
        }
    }

    private int tableOf(int row) {
        return row / grid.rowsPerTable() - firstTable;
    }

    /** Adds what the rows say about a table, if they use it. */
    void addTo(int table, double[] m, double[] side) {
        int index = table - firstTable;
        if (index < 0 || index >= products.length) {
            return;
        }
        Arrays.setAll(m, i -> m[i] + products[index][i]);
        Arrays.setAll(side, i -> side[i] + sides[index][i]);
    }
}
