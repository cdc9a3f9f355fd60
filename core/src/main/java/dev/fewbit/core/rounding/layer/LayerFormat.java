package dev.fewbit.core.rounding.layer;

import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.format.WeightFormat;

/**
 * What the rounded weights of a layer may look like.
 *
 * @param format kind of levels
 * @param groupSize columns that share a scale
 * @param scaling what scales may be
 * @param rowsPerTable rows that share a learned table; means nothing for other formats, nor for
 *     integer entries with one scale for all, which take one table
 */
public record LayerFormat(WeightFormat format, int groupSize, Scaling scaling, int rowsPerTable) {

    /** Checks the numbers. */
    public LayerFormat {
        if (groupSize < 1 || rowsPerTable < 1) {
            throw new IllegalArgumentException(
                    "groups have columns and tables have rows, got %d and %d"
                            .formatted(groupSize, rowsPerTable));
        }
    }

    /** Without learned tables of parts of the rows. */
    public LayerFormat(WeightFormat format, int groupSize, Scaling scaling) {
        this(format, groupSize, scaling, Integer.MAX_VALUE);
    }

    /** Whether all rows share a table whatever is asked for: its entries have one scale. */
    boolean hasOneTable() {
        return scaling == Scaling.SHARED
                && format instanceof Codebook codebook
                && codebook.integral();
    }

    /** Whether scales may be changed; float tables without scales have all of them 1. */
    public boolean hasScales() {
        return scaling != Scaling.SHARED
                || !(format instanceof LevelFormat levels)
                || levels.alwaysScaled();
    }
}
