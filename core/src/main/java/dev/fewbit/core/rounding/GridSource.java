package dev.fewbit.core.rounding;

/** The grid of a band of rows, as {@link Gptq} goes through its columns. */
interface GridSource {

    /** Where a block that begins with a column has to end. */
    int blockEnd(int start, int columns, int most);

    /**
     * Called before the first weight of a column is rounded.
     *
     * @param work the weights of the band as they are now, row-major, in the order of rounding
     */
    void reach(int column, double[] work, int columns);

    byte nearest(int row, int column, double value);

    float value(int row, int column, byte code);

    /** A grid that was there before. */
    static GridSource of(RoundingGrid grid) {
        return new GridSource() {
            @Override
            public int blockEnd(int start, int columns, int most) {
                return Math.min(columns, start + most);
            }

            @Override
            public void reach(int column, double[] work, int columns) {
                // It does not depend on the weights.
            }

            @Override
            public byte nearest(int row, int column, double value) {
                return grid.nearest(row, column, value);
            }

            @Override
            public float value(int row, int column, byte code) {
                return grid.value(row, column, code);
            }
        };
    }
}
