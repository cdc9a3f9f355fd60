package dev.fewbit.core.rounding;

import dev.fewbit.core.kernel.MatrixKernels;

import java.util.Arrays;

/**
 * The best scales for codes that are given. With q the levels of a row, those of group g in q_g,
 * the error is quadratic in the scales s of the row:
 *
 * <pre>
 * sum over g, k of s_g s_k q_g^T H q_k  -  2 sum over g of s_g q_g^T H w
 * </pre>
 *
 * <p>so all scales of a row are found together by one small system of equations; for a single group
 * that is {@code s = q^T H w / q^T H q}. Alternating with {@link CoordinateDescent} each step
 * lowers the error.
 *
 * <p>Cost for n rows and d columns: {@code n d^2} multiplications, and for each row a system with
 * as many unknowns as it has groups. Does not depend on the number of threads.
 */
public final class ScaleRefit {

    private static final int BAND = 32;

    /** Scales are rounded to floats, and the values with them: less gain than this is none. */
    private static final double LEAST_GAIN = 1e-6;

    private ScaleRefit() {}

    /**
     * Fits the scales of every row.
     *
     * @param target what the values are to come close to
     * @return the same codes; scales of rows where others are better
     */
    public static RoundedMatrix refit(
            WeightMatrix target, Hessian h, RoundedMatrix rounded, Workers workers) {
        requireSizes(target, h, rounded);
        RoundingGrid grid = rounded.grid();
        float[] scales = grid.scales();
        workers.runRanges(
                target.rows(),
                BAND,
                (from, to) -> {
                    Systems systems = new Systems(target, h, rounded, from, to);
                    for (int row = from; row < to; row++) {
                        systems.solve(row, scales);
                    }
                });
        return new RoundedMatrix(grid.withScales(scales), rounded.codes());
    }

    /**
     * Fits one scale that all groups of all rows share.
     *
     * @param rounded on a grid whose scales are all the same
     */
    public static RoundedMatrix refitTogether(
            WeightMatrix target, Hessian h, RoundedMatrix rounded, Workers workers) {
        requireSizes(target, h, rounded);
        float[] scales = rounded.grid().scales();
        for (float scale : scales) {
            if (scale != scales[0]) {
                throw new IllegalArgumentException(
                        "the grid has one scale, got %s and %s".formatted(scales[0], scale));
            }
        }
        int bands = Math.ceilDiv(target.rows(), BAND);
        double[] products = new double[bands];
        double[] squares = new double[bands];
        workers.runRanges(
                target.rows(),
                BAND,
                (from, to) -> {
                    Systems systems = new Systems(target, h, rounded, from, to);
                    systems.sum(from / BAND, products, squares);
                });
        double product = 0;
        double square = 0;
        for (int b = 0; b < bands; b++) {
            product += products[b];
            square += squares[b];
        }
        float scale = (float) (product / square);
        if (!GridShape.isScale(scale)) {
            return rounded;
        }
        Arrays.fill(scales, scale);
        return new RoundedMatrix(rounded.grid().withScales(scales), rounded.codes());
    }

    /**
     * Alternates: scales, then codes, and again.
     *
     * @param rounds how often at most; it ends when neither changes
     * @param sweeps of {@link CoordinateDescent} in each round
     */
    public static RoundedMatrix alternate(
            WeightMatrix target,
            Hessian h,
            RoundedMatrix start,
            int rounds,
            int sweeps,
            Workers workers) {
        RoundedMatrix best = start;
        for (int round = 0; round < rounds; round++) {
            RoundedMatrix fitted = refit(target, h, best, workers);
            RoundedMatrix next = CoordinateDescent.improve(target, h, fitted, sweeps, workers);
            boolean same =
                    Arrays.equals(next.grid().scales(), best.grid().scales())
                            && Arrays.equals(next.codes(), best.codes());
            best = next;
            if (same) {
                break;
            }
        }
        return best;
    }

    private static void requireSizes(WeightMatrix target, Hessian h, RoundedMatrix rounded) {
        target.requireColumns("Hessian", h.width());
        rounded.grid().requireShape(target);
    }

    /** The systems of equations of a band of rows. */
    private static final class Systems {
        private final RoundingGrid grid;
        private final int firstRow;
        private final int groups;

        /** {@code q_g^T H q_k}, a matrix for each row. */
        private final double[][] products;

        /** {@code q_g^T H w}. */
        private final double[][] sides;

        /** {@code w^T H w}. */
        private final double[] squares;

        Systems(WeightMatrix target, Hessian h, RoundedMatrix rounded, int firstRow, int endRow) {
            this.grid = rounded.grid();
            this.firstRow = firstRow;
            this.groups = grid.groups();
            int rows = endRow - firstRow;
            int columns = target.columns();
            products = new double[rows][groups * groups];
            sides = new double[rows][groups];
            squares = new double[rows];
            double[] levels = new double[rows * columns];
            double[] weights = new double[rows * columns];
            for (int r = 0; r < rows; r++) {
                target.copyRow(firstRow + r, weights, r * columns);
                for (int c = 0; c < columns; c++) {
                    byte code = rounded.code(firstRow + r, c);
                    levels[r * columns + c] = grid.level(firstRow + r, c, code);
                }
            }
            double[] product = new double[rows * columns];
            for (int g = 0; g < groups; g++) {
                int from = g * grid.groupSize();
                int size = Math.min(grid.groupSize(), columns - from);
                multiply(levels, h, from, size, product, rows);
                for (int r = 0; r < rows; r++) {
                    for (int k = 0; k < groups; k++) {
                        int at = r * columns + k * grid.groupSize();
                        int count = Math.min(grid.groupSize(), columns - k * grid.groupSize());
                        products[r][g * groups + k] = -Rows.dot(product, at, levels, at, count);
                    }
                    sides[r][g] = -Rows.dot(product, r * columns, weights, r * columns, columns);
                }
            }
            multiply(weights, h, 0, columns, product, rows);
            for (int r = 0; r < rows; r++) {
                squares[r] = -Rows.dot(product, r * columns, weights, r * columns, columns);
            }
        }

        private static void multiply(
                double[] left, Hessian h, int from, int size, double[] product, int rows) {
            int columns = h.width();
            Arrays.fill(product, 0);
            MatrixKernels.best()
                    .subtractProduct(
                            left,
                            from,
                            columns,
                            h.values(),
                            from * columns,
                            columns,
                            product,
                            0,
                            columns,
                            rows,
                            size,
                            columns);
        }

        void solve(int row, float[] scales) {
            double[] m = products[row - firstRow];
            double[] side = sides[row - firstRow];
            double[] point = new double[groups];
            for (int g = 0; g < groups; g++) {
                point[g] = grid.scale(row, g);
            }
            double[] best = SmallSystem.minimize(m, side, point);
            double[] candidate = new double[groups];
            for (int g = 0; g < groups; g++) {
                float scale = (float) best[g];
                candidate[g] = GridShape.isScale(scale) ? scale : point[g];
            }
            double before = squares[row - firstRow] + SmallSystem.cost(m, side, point);
            double after = squares[row - firstRow] + SmallSystem.cost(m, side, candidate);
            if (after < before * (1 - LEAST_GAIN)) {
                for (int g = 0; g < groups; g++) {
                    scales[row * groups + g] = (float) candidate[g];
                }
            }
        }

        void sum(int band, double[] productSums, double[] squareSums) {
            for (int r = 0; r < sides.length; r++) {
                for (int g = 0; g < groups; g++) {
                    productSums[band] += sides[r][g];
                }
                for (double product : products[r]) {
                    squareSums[band] += product;
                }
            }
        }
    }
}
