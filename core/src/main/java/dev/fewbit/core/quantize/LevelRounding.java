package dev.fewbit.core.quantize;

import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.kernel.AffineKernels;
import dev.fewbit.core.level.LevelMapping;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.level.Points;
import dev.fewbit.core.level.ScaleSearch;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Rounds a weight that is in memory as a whole to the nearest levels of tables: tables are learned
 * if the format has none, then scales are found, then codes.
 */
public final class LevelRounding {

    private final float[] values;
    private final float @Nullable [] importance;
    private final List<LevelTable> tables;
    private final TableGeometry geometry;
    private final GroupGeometry groups;
    private final TaskRunner runner;

    private LevelRounding(
            float[] values,
            float @Nullable [] importance,
            List<LevelTable> tables,
            TableGeometry geometry,
            GroupGeometry groups,
            TaskRunner runner) {
        this.values = values;
        this.importance = importance;
        this.tables = tables;
        this.geometry = geometry;
        this.groups = groups;
        this.runner = runner;
    }

    /**
     * Rounds.
     *
     * @param values the elements, row-major
     * @param groups which share a scale
     * @param geometry which share a table; those of a scale must share one
     * @param scaling what kind of scales
     * @param importance how much the error of each element counts in the choice of tables and
     *     scales
     * @param runner what runs the searches
     * @throws NonFiniteValueException when a value is NaN or infinite
     * @throws IllegalArgumentException when the number of values is not that of the groups
     */
    public static RoundedWeight nearest(
            float[] values,
            LevelFormat format,
            GroupGeometry groups,
            TableGeometry geometry,
            LevelScaling scaling,
            Importance importance,
            TaskRunner runner) {
        requireFit(values, groups, geometry);
        List<LevelTable> tables =
                format instanceof Codebook codebook
                        ? CodebookSearch.tables(
                                values, codebook, groups, geometry, scaling, importance, runner)
                        : List.of(LevelTable.ofFormat(format).orElseThrow());
        RoundedWeight rounded =
                toTables(tables, values, groups, geometry, scaling, importance, runner);
        return format instanceof Codebook
                ? rounded
                : new RoundedWeight(rounded.codes(), rounded.scales(), rounded.zeroPoints());
    }

    /** {@link #nearest} to tables that are known. */
    static RoundedWeight toTables(
            List<LevelTable> tables,
            float[] values,
            GroupGeometry groups,
            TableGeometry geometry,
            LevelScaling scaling,
            Importance importance,
            TaskRunner runner) {
        requireFit(values, groups, geometry);
        LevelRounding rounding =
                new LevelRounding(
                        values,
                        importance.forElements(0, values.length),
                        tables,
                        geometry,
                        groups,
                        runner);
        byte[] codes = new byte[values.length];
        float[] scales = new float[scaling.scales(groups)];
        if (scaling == LevelScaling.NONE) {
            rounding.unscaled(codes);
        } else {
            rounding.scales(scales, scaling == LevelScaling.SIGNED);
            if (scaling == LevelScaling.TWO_LEVELS) {
                scales = TwoLevelScales.of(rounding.withoutZeros(scales), groups).scales();
            }
            rounding.code(scales, codes);
        }
        return new RoundedWeight(codes, scales, new int[0], tables);
    }

    private static void requireFit(float[] values, GroupGeometry groups, TableGeometry geometry) {
        if (groups.elementCount() != values.length || geometry.elementCount() != values.length) {
            throw new IllegalArgumentException(
                    "groups of %d elements and tables for %d do not fit %d values"
                            .formatted(
                                    groups.elementCount(), geometry.elementCount(), values.length));
        }
        int bad = AffineKernels.firstNonFinite(values, 0, values.length);
        if (bad >= 0) {
            throw new NonFiniteValueException(bad, values[bad]);
        }
    }

    private void unscaled(byte[] codes) {
        runner.run(
                tables.size(),
                table -> {
                    LevelMapping mapping = new LevelMapping(tables.get(table));
                    geometry.forEachRun(
                            table,
                            (from, count) ->
                                    mapping.quantize(values, from, count, 1, codes, from, 1));
                });
    }

    private void scales(float[] scales, boolean negative) {
        List<ScaleSearch> searches =
                tables.stream().map(table -> new ScaleSearch(table, negative)).toList();
        runner.runRanges(
                scales.length,
                group -> {
                    int from = Math.toIntExact(groups.firstOf(group));
                    int count = Math.toIntExact(groups.sizeOf(group));
                    int stride = Math.toIntExact(groups.inner());
                    Points points = LevelSearch.points(values, importance, from, count, stride);
                    scales[group] = searches.get(geometry.tableOf(from)).search(points);
                });
    }

    private void code(float[] scales, byte[] codes) {
        runner.runRanges(
                scales.length,
                group -> {
                    int from = Math.toIntExact(groups.firstOf(group));
                    int count = Math.toIntExact(groups.sizeOf(group));
                    int stride = Math.toIntExact(groups.inner());
                    new LevelMapping(tables.get(geometry.tableOf(from)), scales[group])
                            .quantize(values, from, count, stride, codes, from, stride);
                });
    }

    /** The scales, but 0 for groups of zeros, which any scale expresses. */
    private float[] withoutZeros(float[] scales) {
        float[] wanted = scales.clone();
        for (int group = 0; group < wanted.length; group++) {
            long first = groups.firstOf(group);
            boolean zeros = true;
            for (long i = 0; i < groups.sizeOf(group) && zeros; i++) {
                zeros = values[Math.toIntExact(first + i * groups.inner())] == 0;
            }
            wanted[group] = zeros ? 0 : wanted[group];
        }
        return wanted;
    }
}
