package dev.fewbit.core.rounding;

import java.util.Arrays;

/**
 * Values from a table: {@code table[code] * scale}. The table is ascending, so codes are in the
 * order of the values. Powers of two are such a table with a scale for each group; a learned
 * codebook is one with the scale 1.
 *
 * <p>Rows may have different tables: {@code rowsPerTable} adjacent rows share one. The nearest
 * value changes at the arithmetic mean of two levels.
 */
public final class LevelGrid implements RoundingGrid {

    /** Most levels of a table. */
    public static final int MOST_LEVELS = 256;

    private final GridShape shape;
    private final int rowsPerTable;
    private final float[][] tables;

    /** Where the nearest level changes, one for each two neighbours of each table. */
    private final double[][] thresholds;

    private final float[] scales;

    /**
     * From its parameters, which are copied.
     *
     * @param tables 1 to {@link #MOST_LEVELS} finite levels each, ascending; the last table may
     *     serve fewer rows
     * @param rowsPerTable rows that share a table
     * @param scales of all groups, those of a row together; normal positive numbers
     */
    public LevelGrid(
            int rows,
            int columns,
            int groupSize,
            float[][] tables,
            int rowsPerTable,
            float[] scales) {
        this.shape = new GridShape(rows, columns, groupSize);
        if (rowsPerTable < 1 || tables.length != Math.ceilDiv(rows, rowsPerTable)) {
            throw new IllegalArgumentException(
                    "%d rows, %d of them to a table, do not go with %d tables"
                            .formatted(rows, rowsPerTable, tables.length));
        }
        this.rowsPerTable = rowsPerTable;
        this.tables = new float[tables.length][];
        this.thresholds = new double[tables.length][];
        for (int t = 0; t < tables.length; t++) {
            this.tables[t] = tables[t].clone();
            this.thresholds[t] = thresholds(this.tables[t]);
        }
        this.scales = shape.checkedScales(scales);
    }

    private static double[] thresholds(float[] table) {
        if (table.length < 1 || table.length > MOST_LEVELS) {
            throw new IllegalArgumentException(
                    "a table has 1 to %d levels, got %d".formatted(MOST_LEVELS, table.length));
        }
        double[] thresholds = new double[table.length - 1];
        for (int i = 0; i < thresholds.length; i++) {
            thresholds[i] = ((double) table[i] + table[i + 1]) / 2;
            if (!(table[i] <= table[i + 1]) || !Double.isFinite(thresholds[i])) {
                throw new IllegalArgumentException(
                        "levels are finite and ascending, got " + Arrays.toString(table));
            }
        }
        return thresholds;
    }

    /** A table for all rows, without scales: a codebook. */
    public static LevelGrid codebook(int rows, int columns, float[] table) {
        float[] ones = new float[rows];
        Arrays.fill(ones, 1);
        return new LevelGrid(rows, columns, columns, new float[][] {table}, rows, ones);
    }

    /** Levels of the table that a row uses; a copy. */
    public float[] table(int row) {
        return tables[row / rowsPerTable].clone();
    }

    /** All tables; a copy. */
    public float[][] tables() {
        float[][] copy = new float[tables.length][];
        for (int t = 0; t < copy.length; t++) {
            copy[t] = tables[t].clone();
        }
        return copy;
    }

    /** Adjacent rows that share a table. */
    public int rowsPerTable() {
        return rowsPerTable;
    }

    @Override
    public int rows() {
        return shape.rows();
    }

    @Override
    public int columns() {
        return shape.columns();
    }

    @Override
    public int groupSize() {
        return shape.groupSize();
    }

    @Override
    public float[] scales() {
        return scales.clone();
    }

    @Override
    public float scale(int row, int group) {
        return scales[row * shape.groups() + group];
    }

    @Override
    public byte nearest(int row, int column, double value) {
        double steps = value / scales[shape.groupOf(row, column)];
        double[] limits = thresholds[row / rowsPerTable];
        int low = 0;
        int high = limits.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (steps > limits[middle]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return (byte) low;
    }

    @Override
    public byte below(int row, int column, double value) {
        int code = nearest(row, column, value) & 0xFF;
        while (code > 0 && value(row, column, (byte) code) > value) {
            code--;
        }
        return (byte) code;
    }

    @Override
    public byte above(int row, int column, byte code) {
        return (byte) Math.min(tables[row / rowsPerTable].length - 1, (code & 0xFF) + 1);
    }

    @Override
    public float value(int row, int column, byte code) {
        return tables[row / rowsPerTable][code & 0xFF] * scales[shape.groupOf(row, column)];
    }

    @Override
    public double level(int row, int column, byte code) {
        return tables[row / rowsPerTable][code & 0xFF];
    }

    @Override
    public LevelGrid withScales(float[] newScales) {
        return new LevelGrid(rows(), columns(), groupSize(), tables, rowsPerTable, newScales);
    }

    /** The same scales with other tables. */
    public LevelGrid withTables(float[][] newTables) {
        return new LevelGrid(rows(), columns(), groupSize(), newTables, rowsPerTable, scales);
    }

    /**
     * The grid of some of the rows.
     *
     * @throws IllegalArgumentException when the first does not begin a table's rows and the part
     *     has several tables
     */
    @Override
    public LevelGrid part(int firstRow, int endRow) {
        shape.requireRows(firstRow, endRow);
        int first = firstRow / rowsPerTable;
        int end = Math.ceilDiv(endRow, rowsPerTable);
        if (firstRow % rowsPerTable != 0 && end - first > 1) {
            throw new IllegalArgumentException(
                    "rows %d to %d begin within the %d rows of a table and end in another's"
                            .formatted(firstRow, endRow, rowsPerTable));
        }
        return new LevelGrid(
                endRow - firstRow,
                columns(),
                groupSize(),
                Arrays.copyOfRange(tables, first, end),
                end - first == 1 ? endRow - firstRow : rowsPerTable,
                shape.partOf(scales, firstRow, endRow));
    }
}
