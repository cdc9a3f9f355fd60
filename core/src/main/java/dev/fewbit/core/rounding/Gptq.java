package dev.fewbit.core.rounding;

import dev.fewbit.core.kernel.MatrixKernels;

/**
 * GPTQ: E. Frantar et al., <a href="https://arxiv.org/abs/2210.17323">Accurate Post-Training
 * Quantization for Generative Pre-trained Transformers</a>, 2022.
 *
 * <p>Weights are rounded column by column. After each the weights not yet rounded are moved so that
 * they make up for its error as well as they can. With U upper triangular, {@code H^-1 = U^T U}:
 *
 * <pre>
 * e = (w[i] - round(w[i])) / U[i, i]
 * w[j] -= e U[i, j]    for all j > i
 * </pre>
 *
 * <p>Columns within a block of 128 are updated at once, those after it when the block is done. Cost
 * for n rows and d columns: {@code n d^2 / 2} multiplications and {@code d^3 / 3} for U, and {@code
 * 24 d^2} bytes. Codes do not depend on the number of threads.
 *
 * <p>Inputs that never were anything but zero have no part in this; their weights are rounded to
 * nearest.
 */
public final class Gptq {

    /** Most columns of a block. */
    private static final int BLOCK = 128;

    /** Rows that a thread takes at a time: what fits its cache. */
    static final int BAND = 32;

    private final WeightMatrix weights;
    private final int columns;
    private final int[] order;
    private final double[] factor;
    private final MatrixKernels kernels = MatrixKernels.best();
    private final byte[] codes;

    private Gptq(WeightMatrix weights, Hessian h, GptqOptions options, Workers workers) {
        weights.requireColumns("Hessian", h.width());
        this.weights = weights;
        this.columns = weights.columns();
        this.order = options.descending() ? ColumnOrder.descending(h) : ColumnOrder.natural(h);
        this.factor =
                options.descending()
                        ? h.descendingFactor(order, options.damping(), workers)
                        : InverseFactor.of(h, order, options.damping(), workers);
        this.codes = new byte[weights.rows() * columns];
    }

    /**
     * Rounds to a grid that is given.
     *
     * @param weights what to come close to
     * @param h moments of the inputs
     * @param grid values that the weights may become
     * @throws IllegalArgumentException when sizes differ, or H is not positive semidefinite
     */
    public static RoundedMatrix round(
            WeightMatrix weights,
            Hessian h,
            RoundingGrid grid,
            GptqOptions options,
            Workers workers) {
        grid.requireShape(weights);
        Gptq gptq = new Gptq(weights, h, options, workers);
        workers.runRanges(
                weights.rows(), BAND, (from, to) -> gptq.roundBand(from, to, GridSource.of(grid)));
        return new RoundedMatrix(grid, gptq.codes);
    }

    /**
     * Rounds to a grid that is found on the way: when the first column of a group is reached, its
     * levels are fitted to what the weights of the group have become.
     *
     * @param fit fits the levels of a group; it gets matrices that have the columns of one group
     *     and some rows, and gives one group a row
     * @param groupSize columns of a group
     * @param options in the order of the columns: the groups are parts of them
     */
    public static RoundedMatrix round(
            WeightMatrix weights,
            Hessian h,
            GridFit fit,
            int groupSize,
            GptqOptions options,
            Workers workers) {
        if (options.descending()) {
            throw new IllegalArgumentException(
                    "levels are found on the way only in the order of the columns;"
                            + " for the largest inputs first fit the grid before");
        }
        Gptq gptq = new Gptq(weights, h, options, workers);
        FoundGrid found = new FoundGrid(weights.rows(), weights.columns(), groupSize, fit);
        workers.runRanges(
                weights.rows(), BAND, (from, to) -> gptq.roundBand(from, to, found.band(from, to)));
        return new RoundedMatrix(found.grid(), gptq.codes);
    }

    private void roundBand(int firstRow, int endRow, GridSource grids) {
        int rows = endRow - firstRow;
        double[] work = new double[rows * columns];
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < columns; i++) {
                work[r * columns + i] = weights.get(firstRow + r, order[i]);
            }
        }
        double[] errors = new double[rows * BLOCK];
        for (int start = 0; start < columns; ) {
            int end = grids.blockEnd(start, columns, BLOCK);
            for (int i = start; i < end; i++) {
                grids.reach(i, work, columns);
                for (int r = 0; r < rows; r++) {
                    double error = roundWeight(firstRow + r, i, work[r * columns + i], grids);
                    errors[r * BLOCK + i - start] = error;
                    int next = r * columns + i + 1;
                    Rows.subtract(error, factor, i * columns + i + 1, work, next, end - i - 1);
                }
            }
            kernels.subtractProduct(
                    errors,
                    0,
                    BLOCK,
                    factor,
                    start * columns + end,
                    columns,
                    work,
                    end,
                    columns,
                    rows,
                    end - start,
                    columns - end);
            start = end;
        }
    }

    private double roundWeight(int row, int place, double weight, GridSource grids) {
        int column = order[place];
        byte code = grids.nearest(row, column, weight);
        codes[row * columns + column] = code;
        return (weight - grids.value(row, column, code)) / factor[place * columns + place];
    }
}
