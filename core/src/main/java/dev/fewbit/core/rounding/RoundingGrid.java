package dev.fewbit.core.rounding;

/**
 * The values that the weights of a matrix may become. A value is a level times the scale of its
 * group, as a float; a group is {@link #groupSize} adjacent columns of a row, the last possibly
 * fewer. Immutable.
 *
 * <p>Codes are bytes; unsigned ones above 127 are negative bytes.
 */
public sealed interface RoundingGrid permits AffineGrid, LevelGrid {

    /** Rows of the matrix. */
    int rows();

    /** Columns of the matrix. */
    int columns();

    /** Columns of a group. */
    int groupSize();

    /** Groups of a row. */
    default int groups() {
        return Math.ceilDiv(columns(), groupSize());
    }

    /** Scales of all groups, those of a row together; a copy. */
    float[] scales();

    /** Scale of a group. */
    float scale(int row, int group);

    /** Code of the nearest value. */
    byte nearest(int row, int column, double value);

    /**
     * Code of the largest value not above a number, or of the smallest value there is.
     *
     * @see #above
     */
    byte below(int row, int column, double value);

    /** The code whose value is the next larger one, or the same code when there is none. */
    byte above(int row, int column, byte code);

    /** What a code stands for: the value that the network will compute with. */
    float value(int row, int column, byte code);

    /** The value of a code in units of the scale. */
    double level(int row, int column, byte code);

    /**
     * The same levels with other scales.
     *
     * @param scales as many as {@link #scales}; normal positive numbers
     */
    RoundingGrid withScales(float[] scales);

    /** The grid of some of the rows. */
    RoundingGrid part(int firstRow, int endRow);

    /** Checks that a grid is for such a matrix. */
    default void requireShape(WeightMatrix weights) {
        if (weights.rows() != rows() || weights.columns() != columns()) {
            throw new IllegalArgumentException(
                    "the weights are %d x %d, but the grid is for %d x %d"
                            .formatted(weights.rows(), weights.columns(), rows(), columns()));
        }
    }
}
