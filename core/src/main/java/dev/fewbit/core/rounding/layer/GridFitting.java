package dev.fewbit.core.rounding.layer;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.CodebookSharing;
import dev.fewbit.core.format.Granularity;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.level.Points;
import dev.fewbit.core.level.ScaleSearch;
import dev.fewbit.core.quantize.CodebookSearch;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.Importance;
import dev.fewbit.core.quantize.LevelTables;
import dev.fewbit.core.quantize.TwoLevelScales;
import dev.fewbit.core.rounding.AffineGrid;
import dev.fewbit.core.rounding.LevelGrid;
import dev.fewbit.core.rounding.RoundingGrid;
import dev.fewbit.core.rounding.WeightMatrix;
import dev.fewbit.core.rounding.Workers;

import java.util.Arrays;
import java.util.List;

/** Finds the grid that suits weights when errors in each column have a cost of their own. */
final class GridFitting {
    private static final int BAND = 16;

    private final LayerFormat format;
    private final Workers workers;

    GridFitting(LayerFormat format, Workers workers) {
        this.format = format;
        this.workers = workers;
    }

    /**
     * The grid.
     *
     * @param costs what a squared error in each column costs, not negative; all alike if no error
     *     costs anything
     * @throws IllegalArgumentException if there is not one for each column
     */
    RoundingGrid fit(WeightMatrix weights, double[] costs) {
        if (costs.length != weights.columns()) {
            throw new IllegalArgumentException(
                    "the weights have %d columns, but the moments are for %d"
                            .formatted(weights.columns(), costs.length));
        }
        double[] importance = costs;
        if (Arrays.stream(costs).allMatch(each -> each == 0)) {
            importance = new double[costs.length];
            Arrays.fill(importance, 1);
        }
        return inFormat(
                switch (format.format()) {
                    case Affine affine -> affine(weights, importance, affine);
                    case Codebook codebook -> codebook(weights, importance, codebook);
                    case LevelFormat levels ->
                            scaled(
                                    weights,
                                    importance,
                                    List.of(LevelTable.ofFormat(levels).orElseThrow()),
                                    weights.rows());
                });
    }

    /** The same levels with scales as the format can have them. */
    RoundingGrid inFormat(RoundingGrid grid) {
        return switch (format.scaling()) {
            case FLOATS, SHARED -> grid;
            case TWO_LEVELS ->
                    grid.withScales(
                            TwoLevelScales.of(
                                            grid.scales(),
                                            new GroupGeometry(
                                                    grid.rows(),
                                                    grid.columns(),
                                                    1,
                                                    grid.groupSize()))
                                    .scales());
        };
    }

    private AffineGrid affine(WeightMatrix weights, double[] importance, Affine affine) {
        int rows = weights.rows();
        int columns = weights.columns();
        if (format.scaling() == Scaling.SHARED) {
            GroupFit fit =
                    new GroupFit(
                            affine,
                            doubles(weights, 0, rows, 0, columns),
                            repeated(importance, rows),
                            rows * columns);
            float[] scales = new float[rows];
            Arrays.fill(scales, fit.scale());
            int[] zeroPoints = new int[rows];
            Arrays.fill(zeroPoints, fit.zeroPoint());
            return new AffineGrid(rows, columns, columns, affine, scales, zeroPoints);
        }
        int size = Math.min(format.groupSize(), columns);
        int groups = Math.ceilDiv(columns, size);
        float[] scales = new float[rows * groups];
        int[] zeroPoints = new int[rows * groups];
        workers.runRanges(
                rows,
                BAND,
                (from, to) -> {
                    for (int row = from; row < to; row++) {
                        for (int g = 0; g < groups; g++) {
                            int first = g * size;
                            int end = Math.min(columns, first + size);
                            GroupFit fit =
                                    new GroupFit(
                                            affine,
                                            doubles(weights, row, row + 1, first, end),
                                            Arrays.copyOfRange(importance, first, end),
                                            end - first);
                            scales[row * groups + g] = fit.scale();
                            zeroPoints[row * groups + g] = fit.zeroPoint();
                        }
                    }
                });
        return new AffineGrid(rows, columns, size, affine, scales, zeroPoints);
    }

    private LevelGrid codebook(WeightMatrix weights, double[] importance, Codebook codebook) {
        int rows = weights.rows();
        int columns = weights.columns();
        int rowsPerTable = format.hasOneTable() ? rows : Math.min(rows, format.rowsPerTable());
        Granularity granularity =
                format.scaling() == Scaling.SHARED
                        ? new Granularity.PerTensor()
                        : format.groupSize() >= columns
                                ? new Granularity.PerChannel(0)
                                : new Granularity.PerBlock(1, format.groupSize());
        LevelTables tables =
                CodebookSearch.tables(
                        weights.toArray(),
                        new long[] {rows, columns},
                        new Codebook(codebook.bits()),
                        granularity,
                        rowsPerTable == rows
                                ? new CodebookSharing.OneTable()
                                : new CodebookSharing.ChannelGroups(0, rowsPerTable),
                        Importance.of(floats(importance), 1));
        if (format.hasScales()) {
            return scaled(weights, importance, tables.tables(), rowsPerTable);
        }
        float[] ones = new float[rows];
        Arrays.fill(ones, 1);
        return new LevelGrid(rows, columns, columns, arrays(tables.tables()), rowsPerTable, ones);
    }

    private LevelGrid scaled(
            WeightMatrix weights, double[] importance, List<LevelTable> tables, int rowsPerTable) {
        int rows = weights.rows();
        int columns = weights.columns();
        if (format.scaling() == Scaling.SHARED) {
            float scale =
                    positive(
                            new ScaleSearch(tables.getFirst(), false)
                                    .search(
                                            Points.of(
                                                    weights.toArray(),
                                                    floats(repeated(importance, rows)),
                                                    0,
                                                    rows * columns,
                                                    1)));
            float[] scales = new float[rows];
            Arrays.fill(scales, scale);
            return new LevelGrid(rows, columns, columns, arrays(tables), rowsPerTable, scales);
        }
        int size = Math.min(format.groupSize(), columns);
        int groups = Math.ceilDiv(columns, size);
        float[] values = weights.toArray();
        float[] costs = floats(importance);
        float[] scales = new float[rows * groups];
        workers.runRanges(
                rows,
                BAND,
                (from, to) -> {
                    for (int row = from; row < to; row++) {
                        ScaleSearch search = new ScaleSearch(tables.get(row / rowsPerTable), false);
                        for (int g = 0; g < groups; g++) {
                            int first = g * size;
                            int count = Math.min(columns, first + size) - first;
                            float[] group =
                                    Arrays.copyOfRange(
                                            values,
                                            row * columns + first,
                                            row * columns + first + count);
                            float[] cost = Arrays.copyOfRange(costs, first, first + count);
                            scales[row * groups + g] =
                                    positive(search.search(Points.of(group, cost, 0, count, 1)));
                        }
                    }
                });
        return new LevelGrid(rows, columns, size, arrays(tables), rowsPerTable, scales);
    }

    private static float positive(float scale) {
        return scale >= Float.MIN_NORMAL ? scale : 1;
    }

    private static float[][] arrays(List<LevelTable> tables) {
        return tables.stream().map(LevelTable::levels).toArray(float[][]::new);
    }

    private static double[] doubles(WeightMatrix weights, int row, int endRow, int from, int to) {
        double[] values = new double[(endRow - row) * (to - from)];
        int at = 0;
        for (int r = row; r < endRow; r++) {
            for (int c = from; c < to; c++) {
                values[at++] = weights.get(r, c);
            }
        }
        return values;
    }

    private static double[] repeated(double[] importance, int times) {
        double[] repeated = new double[importance.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(importance, 0, repeated, i * importance.length, importance.length);
        }
        return repeated;
    }

    /** Relative to the largest, since squares of small numbers are no floats. */
    private static float[] floats(double[] importance) {
        double largest = Arrays.stream(importance).max().orElse(1);
        float[] floats = new float[importance.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) (importance[i] / largest);
        }
        return floats;
    }
}
