package dev.fewbit.core.level;

/** Rounds a table to 8-bit integers, with as little additional squared error as may be. */
public final class IntegerLevels {

    private static final int LARGEST = 127;

    private IntegerLevels() {}

    /**
     * The best of the tables that come from multiplying by a number and rounding, with the largest
     * level becoming 64 to 127. They stand for the values of the given table after division by that
     * number, which the scale takes care of.
     *
     * @param table any levels
     * @param points what they are for
     */
    public static LevelTable of(LevelTable table, Points points) {
        if (table.extreme() == 0 || points.size() == 0) {
            return table.integral() ? table : LevelTable.of(new float[table.size()]);
        }
        float[] best = new float[table.size()];
        double leastError = Double.POSITIVE_INFINITY;
        double[] values = new double[table.size()];
        float[] rounded = new float[table.size()];
        for (int largest = LARGEST; largest > LARGEST / 2; largest--) {
            double factor = largest / (double) table.extreme();
            for (int i = 0; i < values.length; i++) {
                double level = Math.rint(table.level(i) * factor);
                rounded[i] = (float) level;
                values[i] = level / factor;
            }
            double error = points.error(values);
            if (error < leastError) {
                leastError = error;
                best = rounded.clone();
            }
        }
        return LevelTable.of(best);
    }
}
