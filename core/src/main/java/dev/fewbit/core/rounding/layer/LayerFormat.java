package dev.fewbit.core.rounding.layer;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.MidRise;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.format.WeightFormat;

import java.util.Optional;

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

    /** The levels of a format that has a table, but not a learned one. */
    Optional<float[]> fixedTable() {
        return switch (format) {
            case PowersOfTwo powers -> Optional.of(powers.levels());
            case MidRise midRise -> {
                byte[] integers = midRise.integerLevels();
                float[] levels = new float[integers.length];
                for (int i = 0; i < levels.length; i++) {
                    levels[i] = integers[i];
                }
                yield Optional.of(levels);
            }
            case Affine _, Codebook _ -> Optional.empty();
        };
    }

    /** Whether all rows share a table whatever is asked for: its entries have one scale. */
    boolean hasOneTable() {
        return scaling == Scaling.SHARED
                && format instanceof Codebook codebook
                && codebook.integral();
    }

    /** Whether scales may be changed; float tables without scales have all of them 1. */
    public boolean hasScales() {
        return !(format instanceof Codebook codebook
                && codebook.entries() == Codebook.Entries.FLOAT32
                && scaling == Scaling.SHARED);
    }
}
