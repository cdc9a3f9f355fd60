package dev.fewbit.core.rounding;

import dev.fewbit.core.kernel.AffineKernels;
import dev.fewbit.core.quantize.NonFiniteValueException;

/**
 * The weights of a linear layer, a row for each output and a column for each input, so that {@code
 * y = W x}.
 *
 * <p>A kernel of a convolution {@code [M, C / groups, h, w]} is {@code M / groups} rows of {@code C
 * / groups * h * w} columns for each of its groups ({@link #part}). A right operand {@code [K, N]}
 * of MatMul is transposed first ({@link #transposed}).
 *
 * <p>Immutable as long as nobody writes to the array, which is not copied.
 */
public final class WeightMatrix {

    private final int rows;
    private final int columns;
    private final int from;
    private final float[] values;

    /**
     * A view of an array.
     *
     * @param values {@code rows * columns} finite numbers, row-major
     * @throws NonFiniteValueException when a value is NaN or infinite
     */
    public WeightMatrix(float[] values, int rows, int columns) {
        this(values, 0, rows, columns);
        if (values.length != (long) rows * columns) {
            throw new IllegalArgumentException(
                    "%d x %d weights are needed, got %d".formatted(rows, columns, values.length));
        }
        int strange = AffineKernels.firstNonFinite(values, 0, values.length);
        if (strange >= 0) {
            throw new NonFiniteValueException(strange, values[strange]);
        }
    }

    private WeightMatrix(float[] values, int from, int rows, int columns) {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException(
                    "a matrix has rows and columns, got %d x %d".formatted(rows, columns));
        }
        this.values = values;
        this.from = from;
        this.rows = rows;
        this.columns = columns;
    }

    /**
     * The matrix whose columns are given as rows: a right operand of MatMul.
     *
     * @param values {@code columns x rows} numbers, row-major; copied
     * @param columns inputs, K
     * @param rows outputs, N
     */
    public static WeightMatrix transposed(float[] values, int columns, int rows) {
        float[] turned = new float[values.length];
        for (int c = 0; c < columns; c++) {
            for (int r = 0; r < rows; r++) {
                turned[r * columns + c] = values[c * rows + r];
            }
        }
        return new WeightMatrix(turned, rows, columns);
    }

    /** Outputs. */
    public int rows() {
        return rows;
    }

    /** Inputs. */
    public int columns() {
        return columns;
    }

    /** One weight. */
    public float get(int row, int column) {
        return values[from + row * columns + column];
    }

    /** Some of the rows, of the same array. */
    public WeightMatrix part(int firstRow, int endRow) {
        if (firstRow < 0 || firstRow >= endRow || endRow > rows) {
            throw new IllegalArgumentException(
                    "a part has rows from 0 to %d, got %d to %d".formatted(rows, firstRow, endRow));
        }
        return new WeightMatrix(values, from + firstRow * columns, endRow - firstRow, columns);
    }

    /** Every column multiplied by a factor; a copy. */
    public WeightMatrix timesColumns(float[] factors) {
        if (factors.length != columns) {
            throw new IllegalArgumentException(
                    "%d factors are needed, got %d".formatted(columns, factors.length));
        }
        float[] scaled = toArray();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= factors[i % columns];
        }
        return new WeightMatrix(scaled, rows, columns);
    }

    /** All weights, row-major; a copy. */
    public float[] toArray() {
        float[] copy = new float[rows * columns];
        System.arraycopy(values, from, copy, 0, copy.length);
        return copy;
    }

    /** Writes a row as doubles. */
    void copyRow(int row, double[] into, int at) {
        for (int c = 0; c < columns; c++) {
            into[at + c] = values[from + row * columns + c];
        }
    }

    /** Checks that something is for inputs as many as this has. */
    void requireColumns(String what, int other) {
        if (other != columns) {
            throw new IllegalArgumentException(
                    "the weights have %d columns, but the %s is for %d"
                            .formatted(columns, what, other));
        }
    }
}
