package dev.fewbit.core.rounding;

import dev.fewbit.core.kernel.MatrixKernels;

import java.util.Arrays;

/**
 * Coordinate descent on codes: K. Behdin et al., <a
 * href="https://arxiv.org/abs/2309.01885">QuantEase</a>, 2023.
 *
 * <p>One weight at a time gets the value that is best while all others stay:
 *
 * <pre>
 * v[i] = round(w[i] - sum over k != i of H[i, k] (v[k] - w[k]) / H[i, i])
 * </pre>
 *
 * <p>A change is made only if it lowers the error {@code (w - v) H (w - v)^T}, which therefore
 * never rises. It works from any start and on any grid; it stops at a point that no single change
 * improves, or after some sweeps. Started from {@link Gptq} it is better than either.
 *
 * <p>Cost of a sweep over n rows and d columns: up to {@code n d^2} multiplications, less when few
 * codes change. Codes do not depend on the number of threads.
 */
public final class CoordinateDescent {

    /** Columns whose changes are told to the others together. */
    private static final int BLOCK = 128;

    private static final int BAND = 32;

    /** Where less than one of so many changed, changes are told one by one. */
    private static final int SPARSE = 12;

    /** A change has to gain this share of what it moves, or rounding could go around in circles. */
    private static final double LEAST_GAIN = 1e-12;

    private final WeightMatrix target;
    private final RoundingGrid grid;
    private final double[] h;
    private final int columns;
    private final byte[] codes;
    private final MatrixKernels kernels = MatrixKernels.best();

    private CoordinateDescent(WeightMatrix target, Hessian h, RoundedMatrix start) {
        this.target = target;
        this.grid = start.grid();
        this.h = h.values();
        this.columns = target.columns();
        this.codes = start.codes();
    }

    /**
     * Improves codes.
     *
     * @param target what the values are to come close to
     * @param h what errors cost; {@link Hessian#damped} where there were few samples
     * @param start codes to begin with
     * @param sweeps how often all weights are looked at, at most; a row is done when a sweep
     *     changes nothing
     * @return codes on the same grid, whose error is not above that of the start
     */
    public static RoundedMatrix improve(
            WeightMatrix target, Hessian h, RoundedMatrix start, int sweeps, Workers workers) {
        target.requireColumns("Hessian", h.width());
        start.grid().requireShape(target);
        if (sweeps < 0) {
            throw new IllegalArgumentException("sweeps are not negative, got " + sweeps);
        }
        CoordinateDescent descent = new CoordinateDescent(target, h, start);
        workers.runRanges(
                target.rows(), BAND, (from, to) -> descent.new Band(from, to).run(sweeps));
        return new RoundedMatrix(descent.grid, descent.codes);
    }

    /** Some rows, and what a thread keeps of them. */
    private final class Band {
        private final int firstRow;
        private final int rows;

        /** Row by row the product {@code (w - v) H}, up to date within a block. */
        private final double[] pull;

        private final double[] values;
        private final double[] changes;
        private int changed;

        Band(int firstRow, int endRow) {
            this.firstRow = firstRow;
            this.rows = endRow - firstRow;
            this.pull = new double[rows * columns];
            this.values = new double[rows * columns];
            this.changes = new double[rows * BLOCK];
        }

        void run(int sweeps) {
            double[] errors = new double[rows * columns];
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    int i = r * columns + c;
                    values[i] = grid.value(firstRow + r, c, codes[firstRow * columns + i]);
                    errors[i] = values[i] - target.get(firstRow + r, c);
                }
            }
            kernels.subtractProduct(
                    errors, 0, columns, h, 0, columns, pull, 0, columns, rows, columns, columns);
            for (int sweep = 0; sweep < sweeps; sweep++) {
                int before = changed;
                for (int start = 0; start < columns; start += BLOCK) {
                    visitBlock(start, Math.min(columns, start + BLOCK));
                }
                if (changed == before) {
                    return;
                }
            }
        }

        private void visitBlock(int start, int end) {
            Arrays.fill(changes, 0);
            int before = changed;
            for (int r = 0; r < rows; r++) {
                for (int c = start; c < end; c++) {
                    double change = visit(r, c);
                    if (change != 0) {
                        changes[r * BLOCK + c - start] = change;
                        Rows.subtract(
                                change,
                                h,
                                c * columns + start,
                                pull,
                                r * columns + start,
                                end - start);
                        changed++;
                    }
                }
            }
            if (changed == before) {
                return;
            }
            boolean sparse = (changed - before) * SPARSE < rows * (end - start);
            tell(start, end, 0, start, sparse);
            tell(start, end, end, columns, sparse);
        }

        /** Gives a weight its best value, and says by how much that differs from the last. */
        private double visit(int r, int c) {
            double curvature = h[c * columns + c];
            if (!(curvature > 0)) {
                return 0;
            }
            int i = r * columns + c;
            double best = values[i] + pull[i] / curvature;
            byte code = grid.nearest(firstRow + r, c, best);
            int at = firstRow * columns + i;
            if (code == codes[at]) {
                return 0;
            }
            double value = grid.value(firstRow + r, c, code);
            double change = value - values[i];
            double loss = change * (change * curvature - 2 * pull[i]);
            if (!(loss < -LEAST_GAIN * change * change * curvature)) {
                return 0;
            }
            codes[at] = code;
            values[i] = value;
            return change;
        }

        /** Tells changes of a block to other columns; both ways are the same arithmetic. */
        private void tell(int start, int end, int from, int to, boolean sparse) {
            if (!sparse) {
                kernels.subtractProduct(
                        changes,
                        0,
                        BLOCK,
                        h,
                        start * columns + from,
                        columns,
                        pull,
                        from,
                        columns,
                        rows,
                        end - start,
                        to - from);
                return;
            }
            for (int r = 0; r < rows; r++) {
                for (int c = start; c < end; c++) {
                    double change = changes[r * BLOCK + c - start];
                    if (change != 0) {
                        Rows.subtract(
                                change, h, c * columns + from, pull, r * columns + from, to - from);
                    }
                }
            }
        }
    }
}
