package dev.fewbit.core.rounding;

import dev.fewbit.core.kernel.MatrixKernels;

/** The sum of {@code x y^T} over samples, in tiles; optionally only its upper half. */
final class ProductSums {

    private static final int TILE = MatrixKernels.TILE;

    /** Products below which threads cost more than they bring. */
    private static final long SMALL = 1 << 20;

    private final int rows;
    private final int columns;
    private final boolean symmetric;
    private final int stride;
    private final double[] values;

    private ProductSums(int rows, int columns, boolean symmetric) {
        this.rows = rows;
        this.columns = columns;
        this.symmetric = symmetric;
        this.stride = Math.ceilDiv(columns, TILE) * TILE;
        this.values = new double[Math.multiplyExact(Math.ceilDiv(rows, TILE) * TILE, stride)];
    }

    /** Sums of {@code x x^T}, of which only the upper half is computed. */
    static ProductSums symmetric(int width) {
        return new ProductSums(width, width, true);
    }

    /** Sums of {@code x y^T}. */
    static ProductSums of(int rows, int columns) {
        return new ProductSums(rows, columns, false);
    }

    /** Adds samples. */
    void add(PackedRows left, PackedRows right, int samples, Workers workers) {
        MatrixKernels kernels = MatrixKernels.best();
        boolean small = (long) samples * values.length < SMALL;
        (small ? Workers.sequential() : workers)
                .run(left.panels, i -> addPanel(kernels, i, left, right, samples));
    }

    private void addPanel(
            MatrixKernels kernels, int i, PackedRows left, PackedRows right, int samples) {
        for (int j = symmetric ? i : 0; j < right.panels; j++) {
            kernels.addProducts(
                    left.values,
                    PackedRows.panelAt(i),
                    right.values,
                    PackedRows.panelAt(j),
                    samples,
                    values,
                    i * TILE * stride + j * TILE,
                    stride);
        }
    }

    /** Adds other sums. */
    void merge(ProductSums other) {
        for (int i = 0; i < values.length; i++) {
            values[i] += other.values[i];
        }
    }

    /** All elements divided by a number, row-major without gaps. */
    double[] dividedBy(double divisor) {
        double[] result = new double[Math.multiplyExact(rows, columns)];
        for (int i = 0; i < rows; i++) {
            for (int j = symmetric ? i : 0; j < columns; j++) {
                result[i * columns + j] = values[i * stride + j] / divisor;
                if (symmetric) {
                    result[j * columns + i] = result[i * columns + j];
                }
            }
        }
        return result;
    }
}
