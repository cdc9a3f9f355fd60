package dev.fewbit.core.quantize;

import dev.fewbit.core.level.LevelMapping;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.level.Points;
import dev.fewbit.core.level.ScaleSearch;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Quantizes a band to the levels of tables that are known: a piece of a tensor, in memory, that
 * holds whole groups. The counterpart of {@link BandQuantizer}.
 *
 * <p>A group's codes and scale depend on its values, their importance and its table alone, not on
 * the band that it came in. Immutable, shared by threads; the {@link LevelBand} that is written
 * into is not.
 */
public final class LevelBandQuantizer {

    private final LevelTables tables;
    private final List<ScaleSearch> searches;
    private final boolean measuring;

    private LevelBandQuantizer(LevelTables tables, List<ScaleSearch> searches, boolean measuring) {
        this.tables = tables;
        this.searches = searches;
        this.measuring = measuring;
    }

    /** Looks for the best scale of every group. */
    public static LevelBandQuantizer scaled(LevelTables tables) {
        return new LevelBandQuantizer(
                tables, tables.tables().stream().map(ScaleSearch::new).toList(), true);
    }

    /** {@link #scaled}, but no scale is negative. */
    public static LevelBandQuantizer positivelyScaled(LevelTables tables) {
        return new LevelBandQuantizer(
                tables,
                tables.tables().stream().map(table -> new ScaleSearch(table, false)).toList(),
                true);
    }

    /** Values are entries of the tables; all scales are 1. */
    public static LevelBandQuantizer unscaled(LevelTables tables) {
        return new LevelBandQuantizer(tables, List.of(), true);
    }

    /** The same without the pass that measures what it cost. */
    public LevelBandQuantizer withoutErrors() {
        return new LevelBandQuantizer(tables, searches, false);
    }

    /** The tables. */
    public LevelTables tables() {
        return tables;
    }

    /**
     * Quantizes rows of adjacent elements, each cut into groups. Where there are several tables a
     * row is a channel.
     *
     * @param values the band
     * @param importance weights of the values, with the same index; null for equal ones
     * @param from index of its first element
     * @param rows number of rows
     * @param length elements of a row
     * @param groupSize elements of a group; the last of a row may have fewer
     * @param firstChannel channel of the first row; counts only where there are several tables
     * @param into receives codes in the order of the elements, and scales of {@code rows *
     *     ceil(length / groupSize)} groups in order
     * @throws NonFiniteValueException when a value is NaN or infinite; its index counts from {@code
     *     from}
     */
    public void quantizeRows(
            float[] values,
            float @Nullable [] importance,
            int from,
            int rows,
            int length,
            int groupSize,
            int firstChannel,
            LevelBand into) {
        int perRow = Math.ceilDiv(length, groupSize);
        into.resize(Math.multiplyExact(rows, length), Math.multiplyExact(rows, perRow));
        into.range(values, from, into.values(), 0);
        for (int row = 0; row < rows; row++) {
            int table = table(firstChannel + row);
            for (int g = 0; g < perRow; g++) {
                int at = row * length + g * groupSize;
                int size = Math.min(groupSize, length - g * groupSize);
                group(table, values, importance, from + at, size, 1, into, row * perRow + g, at, 1);
            }
        }
    }

    /**
     * Quantizes columns, each cut into groups from top to bottom. Where there are several tables a
     * column is a channel.
     *
     * @param values the band
     * @param importance weights of the values, with the same index; null for equal ones
     * @param from index of its first element
     * @param depth elements of a column
     * @param columns number of columns
     * @param stride floats from one row to the next, at least {@code columns}
     * @param groupSize elements of a group; the last of a column may have fewer
     * @param firstChannel channel of the first column; counts only where there are several tables
     * @param into receives codes as {@code [depth][columns]} and scales as {@code [ceil(depth /
     *     groupSize)][columns]}, both without gaps
     * @throws NonFiniteValueException when a value is NaN or infinite; its index counts from {@code
     *     from} and includes the stride
     */
    public void quantizeColumns(
            float[] values,
            float @Nullable [] importance,
            int from,
            int depth,
            int columns,
            int stride,
            int groupSize,
            int firstChannel,
            LevelBand into) {
        int perColumn = Math.ceilDiv(depth, groupSize);
        into.resize(Math.multiplyExact(depth, columns), Math.multiplyExact(perColumn, columns));
        for (int row = 0; row < depth; row++) {
            into.range(values, from + row * stride, columns, row * stride);
        }
        for (int g = 0; g < perColumn; g++) {
            int row = g * groupSize;
            int size = Math.min(groupSize, depth - row);
            for (int c = 0; c < columns; c++) {
                group(
                        table(firstChannel + c),
                        values,
                        importance,
                        from + row * stride + c,
                        size,
                        stride,
                        into,
                        g * columns + c,
                        row * columns + c,
                        columns);
            }
        }
    }

    /**
     * Quantizes adjacent elements with a scale that is already known, for groups that are larger
     * than a band.
     *
     * @param scale for example from {@link LevelSearch#scale}; 1 for tables without scales
     * @param channel which channel they belong to; counts only where there are several tables
     * @param into receives the codes, and the scale as that of one group
     * @throws NonFiniteValueException when a value is NaN or infinite; its index counts from {@code
     *     from}
     */
    public void quantizeWith(
            float scale, int channel, float[] values, int from, int count, LevelBand into) {
        into.resize(count, count == 0 ? 0 : 1);
        into.range(values, from, count, 0);
        if (count > 0) {
            LevelTable table = tables.tables().get(table(channel));
            code(new LevelMapping(table, scale), values, from, count, 1, into, 0, 0, 1);
        }
    }

    private int table(int channel) {
        return tables.tables().size() == 1 ? 0 : channel / tables.channels();
    }

    private void group(
            int table,
            float[] values,
            float @Nullable [] importance,
            int from,
            int count,
            int stride,
            LevelBand into,
            int group,
            int at,
            int codeStride) {
        float scale = 1;
        if (!searches.isEmpty()) {
            Points points = LevelSearch.points(values, importance, from, count, stride);
            scale = searches.get(table).search(points);
        }
        LevelMapping mapping = new LevelMapping(tables.tables().get(table), scale);
        code(mapping, values, from, count, stride, into, group, at, codeStride);
    }

    private void code(
            LevelMapping mapping,
            float[] values,
            int from,
            int count,
            int stride,
            LevelBand into,
            int group,
            int at,
            int codeStride) {
        into.scales()[group] = mapping.scale();
        mapping.quantize(values, from, count, stride, into.codes(), at, codeStride);
        if (measuring) {
            into.measure(values, from, count, stride, mapping, at, codeStride);
        }
    }
}
