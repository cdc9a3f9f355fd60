package dev.fewbit.core.rounding;

import dev.fewbit.core.kernel.MatrixKernels;

/**
 * Some rows cut into panels of {@link MatrixKernels#TILE} columns, as the kernel wants them. The
 * last panel is filled up with zeros.
 */
final class PackedRows {

    static final int TILE = MatrixKernels.TILE;

    /** Most rows. */
    static final int CAPACITY = MatrixKernels.MOST_SAMPLES;

    private final int width;
    final int panels;
    final float[] values;

    PackedRows(int width) {
        this.width = width;
        this.panels = Math.ceilDiv(width, TILE);
        this.values = new float[Math.multiplyExact(panels, CAPACITY * TILE)];
    }

    /** Index of the first value of a panel. */
    static int panelAt(int panel) {
        return panel * CAPACITY * TILE;
    }

    /** Puts a row, times a weight, to its place. */
    void put(int row, float[] source, int from, float weight) {
        for (int panel = 0; panel < panels; panel++) {
            int at = panelAt(panel) + row * TILE;
            int start = panel * TILE;
            int count = Math.min(TILE, width - start);
            if (weight == 1) {
                System.arraycopy(source, from + start, values, at, count);
            } else {
                for (int i = 0; i < count; i++) {
                    values[at + i] = weight * source[from + start + i];
                }
            }
        }
    }

    /** Adds the first rows to sums of columns. */
    void addColumns(int rows, double[] sums) {
        for (int c = 0; c < width; c++) {
            int at = panelAt(c / TILE) + c % TILE;
            double sum = 0;
            for (int row = 0; row < rows; row++) {
                sum += values[at + row * TILE];
            }
            sums[c] += sum;
        }
    }
}
