package dev.fewbit.core.rounding;

/**
 * Weights rounded to a grid. Immutable.
 *
 * <p>Every weight is on the grid, whatever algorithm made it: only codes are kept.
 */
public final class RoundedMatrix {

    private final RoundingGrid grid;
    private final byte[] codes;

    /**
     * Puts codes, which are copied, and their grid together.
     *
     * @param codes of all weights, row-major
     */
    public RoundedMatrix(RoundingGrid grid, byte[] codes) {
        if (codes.length != (long) grid.rows() * grid.columns()) {
            throw new IllegalArgumentException(
                    "a grid of %d x %d needs as many codes, got %d"
                            .formatted(grid.rows(), grid.columns(), codes.length));
        }
        this.grid = grid;
        this.codes = codes.clone();
    }

    /** Every weight rounded to the nearest value. */
    public static RoundedMatrix nearest(WeightMatrix weights, RoundingGrid grid) {
        grid.requireShape(weights);
        byte[] codes = new byte[weights.rows() * weights.columns()];
        for (int row = 0; row < weights.rows(); row++) {
            for (int c = 0; c < weights.columns(); c++) {
                codes[row * weights.columns() + c] = grid.nearest(row, c, weights.get(row, c));
            }
        }
        return new RoundedMatrix(grid, codes);
    }

    /** What the codes stand for. */
    public RoundingGrid grid() {
        return grid;
    }

    /** Codes of all weights, row-major; a copy. */
    public byte[] codes() {
        return codes.clone();
    }

    /** Code of one weight. */
    public byte code(int row, int column) {
        return codes[row * grid.columns() + column];
    }

    /** Value of one weight. */
    public float value(int row, int column) {
        return grid.value(row, column, code(row, column));
    }

    /** Values of all weights, row-major. */
    public float[] dequantize() {
        float[] values = new float[codes.length];
        for (int row = 0; row < grid.rows(); row++) {
            for (int c = 0; c < grid.columns(); c++) {
                values[row * grid.columns() + c] = value(row, c);
            }
        }
        return values;
    }

    /** The values as weights. */
    public WeightMatrix toWeights() {
        return new WeightMatrix(dequantize(), grid.rows(), grid.columns());
    }
}
