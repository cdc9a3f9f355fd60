package dev.fewbit.core.rounding.layer;

import dev.fewbit.core.rounding.LevelGrid;
import dev.fewbit.core.rounding.RoundedMatrix;

/** Learned tables with entries rounded to 8-bit integers; scales make up for it. */
final class IntegerTables {
    private static final int LARGEST = 127;

    private IntegerTables() {}

    /** The same codes on tables of integers from -127 to 127. */
    static RoundedMatrix of(RoundedMatrix rounded, LevelGrid grid) {
        float[][] tables = grid.tables();
        float[] factors = new float[tables.length];
        for (int t = 0; t < tables.length; t++) {
            float extreme = 0;
            for (float level : tables[t]) {
                extreme = Math.max(extreme, Math.abs(level));
            }
            factors[t] = extreme > 0 ? LARGEST / extreme : 1;
            for (int i = 0; i < tables[t].length; i++) {
                tables[t][i] = (float) Math.rint(tables[t][i] * (double) factors[t]);
            }
        }
        float[] scales = grid.scales();
        int groups = grid.groups();
        for (int i = 0; i < scales.length; i++) {
            scales[i] =
                    Math.max(
                            Float.MIN_NORMAL,
                            scales[i] / factors[i / groups / grid.rowsPerTable()]);
        }
        return new RoundedMatrix(grid.withTables(tables).withScales(scales), rounded.codes());
    }
}
