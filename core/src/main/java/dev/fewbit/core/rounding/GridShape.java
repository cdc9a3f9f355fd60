package dev.fewbit.core.rounding;

import java.util.Arrays;

/** Checks and indices that all grids have in common. */
record GridShape(int rows, int columns, int groupSize) {

    GridShape {
        if (rows < 1 || columns < 1 || groupSize < 1) {
            throw new IllegalArgumentException(
                    "a grid has rows, columns and groups of columns, got %d, %d and %d"
                            .formatted(rows, columns, groupSize));
        }
    }

    int groups() {
        return Math.ceilDiv(columns, groupSize);
    }

    /** Index of the parameters of a weight. */
    int groupOf(int row, int column) {
        return row * groups() + column / groupSize;
    }

    float[] checkedScales(float[] scales) {
        if (scales.length != rows * groups()) {
            throw new IllegalArgumentException(
                    "%d rows of %d groups need as many scales, got %d"
                            .formatted(rows, groups(), scales.length));
        }
        for (float scale : scales) {
            if (!isScale(scale)) {
                throw new IllegalArgumentException(
                        "a scale is a normal positive number, got " + scale);
            }
        }
        return scales.clone();
    }

    static boolean isScale(float scale) {
        return scale >= Float.MIN_NORMAL && scale <= Float.MAX_VALUE;
    }

    void requireRows(int firstRow, int endRow) {
        if (firstRow < 0 || firstRow >= endRow || endRow > rows) {
            throw new IllegalArgumentException(
                    "a part has rows from 0 to %d, got %d to %d".formatted(rows, firstRow, endRow));
        }
    }

    float[] partOf(float[] parameters, int firstRow, int endRow) {
        return Arrays.copyOfRange(parameters, firstRow * groups(), endRow * groups());
    }
}
