package dev.fewbit.core.rounding;

import dev.fewbit.core.kernel.MatrixKernels;

import java.util.Arrays;

/**
 * Cholesky factors and inverses of lower triangular matrices, blocked: almost all of the work is
 * {@link MatrixKernels#subtractProduct}. Every element is computed by the same operations in the
 * same order whatever the number of threads.
 */
final class Triangular {

    private static final int BLOCK = 64;

    private Triangular() {}

    /**
     * Replaces a symmetric positive definite matrix by L with {@code L L^T} equal to it, in {@code
     * n^3 / 6} multiplications. Only the lower half is read; the upper one becomes zero.
     *
     * @return whether the matrix is numerically positive definite; if not its content is lost
     */
    static boolean cholesky(double[] a, int n, Workers workers) {
        MatrixKernels kernels = MatrixKernels.best();
        double[] turned = new double[BLOCK * n];
        double[] corner = new double[BLOCK * BLOCK];
        for (int start = 0; start < n; start += BLOCK) {
            int width = Math.min(BLOCK, n - start);
            int first = start;
            turn(a, n, first, 0, width, first, turned);
            update(kernels, a, n, first, width, turned, first, first + width);
            if (!factorCorner(a, n, first, width)) {
                return false;
            }
            turn(a, n, first, first, width, width, corner);
            int below = first + width;
            workers.runRanges(
                    n - below,
                    BLOCK,
                    (from, to) -> {
                        update(kernels, a, n, first, width, turned, below + from, below + to);
                        for (int r = below + from; r < below + to; r++) {
                            solveRow(a, r * n + first, corner, width);
                        }
                    });
        }
        for (int r = 0; r < n; r++) {
            Arrays.fill(a, r * n + r + 1, (r + 1) * n, 0);
        }
        return true;
    }

    /** Writes {@code into[k, c] = a[row + c, column + k]}, dense with {@code rows} columns. */
    private static void turn(
            double[] a, int n, int row, int column, int rows, int columns, double[] into) {
        for (int k = 0; k < columns; k++) {
            for (int c = 0; c < rows; c++) {
                into[k * rows + c] = a[(row + c) * n + column + k];
            }
        }
    }

    /** Takes what the columns before it explain from a block of columns, for some rows. */
    private static void update(
            MatrixKernels kernels,
            double[] a,
            int n,
            int first,
            int width,
            double[] turned,
            int fromRow,
            int toRow) {
        kernels.subtractProduct(
                a,
                fromRow * n,
                n,
                turned,
                0,
                width,
                a,
                fromRow * n + first,
                n,
                toRow - fromRow,
                first,
                width);
    }

    private static boolean factorCorner(double[] a, int n, int first, int width) {
        for (int j = first; j < first + width; j++) {
            double pivot = a[j * n + j];
            for (int k = first; k < j; k++) {
                pivot -= a[j * n + k] * a[j * n + k];
            }
            if (!(pivot > 0 && pivot < Double.POSITIVE_INFINITY)) {
                return false;
            }
            double root = Math.sqrt(pivot);
            a[j * n + j] = root;
            for (int r = j + 1; r < first + width; r++) {
                double rest = a[r * n + j];
                for (int k = first; k < j; k++) {
                    rest -= a[r * n + k] * a[j * n + k];
                }
                a[r * n + j] = rest / root;
            }
        }
        return true;
    }

    /** Solves {@code x corner^T = row} in place, for a corner that is given transposed. */
    private static void solveRow(double[] a, int at, double[] corner, int width) {
        for (int k = 0; k < width; k++) {
            double x = a[at + k] / corner[k * width + k];
            a[at + k] = x;
            for (int m = k + 1; m < width; m++) {
                a[at + m] -= x * corner[k * width + m];
            }
        }
    }

    /** The inverse of a lower triangular matrix, in {@code n^3 / 6} multiplications. */
    static double[] invert(double[] lower, int n, Workers workers) {
        MatrixKernels kernels = MatrixKernels.best();
        double[] inverse = new double[n * n];
        workers.runRanges(
                n, BLOCK, (from, to) -> invertColumns(kernels, lower, n, inverse, from, to));
        return inverse;
    }

    /** Some columns of the inverse, from their first rows that are not zero downwards. */
    private static void invertColumns(
            MatrixKernels kernels, double[] lower, int n, double[] inverse, int from, int to) {
        for (int c = from; c < to; c++) {
            inverse[c * n + c] = 1;
        }
        for (int start = from; start < n; start += BLOCK) {
            int rows = Math.min(BLOCK, n - start);
            kernels.subtractProduct(
                    lower,
                    start * n + from,
                    n,
                    inverse,
                    from * n + from,
                    n,
                    inverse,
                    start * n + from,
                    n,
                    rows,
                    start - from,
                    to - from);
            for (int r = start; r < start + rows; r++) {
                for (int m = start; m < r; m++) {
                    Rows.subtract(
                            lower[r * n + m],
                            inverse,
                            m * n + from,
                            inverse,
                            r * n + from,
                            to - from);
                }
                for (int c = from; c < to; c++) {
                    inverse[r * n + c] /= lower[r * n + r];
                }
            }
        }
    }
}
