package dev.fewbit.core.quantize;

import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.CodebookSharing;
import dev.fewbit.core.format.Granularity;
import dev.fewbit.core.level.IntegerLevels;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.level.OptimalClusters;
import dev.fewbit.core.level.Points;
import dev.fewbit.core.level.ScaleSearch;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Learns the tables of a codebook for a tensor in memory.
 *
 * <p>Without scales a table is the optimal clustering of its values. With scales it is one of the
 * values over their scales, their importance times the squares of those, so that the error counts
 * where it arises; the scales begin as root mean squares, and then scales for given tables and
 * tables for given scales take turns. Integer entries are rounded at the end.
 *
 * <p>Importance over which the mean of a group's values is not defined (all zero) counts as equal.
 */
public final class CodebookSearch {

    /** Turns of tables and scales; a third gains less than 0.01 dB on normal values. */
    private static final int TURNS = 2;

    private final float[] values;
    private final float @Nullable [] importance;
    private final Codebook format;
    private final GroupGeometry groups;
    private final TableGeometry tables;
    private final boolean negative;
    private final TaskRunner runner;

    private CodebookSearch(
            float[] values,
            Codebook format,
            GroupGeometry groups,
            TableGeometry tables,
            Importance importance,
            boolean negative,
            TaskRunner runner) {
        this.values = values;
        this.importance = importance.forElements(0, values.length);
        this.format = format;
        this.groups = groups;
        this.tables = tables;
        this.negative = negative;
        this.runner = runner;
    }

    /**
     * Learns tables.
     *
     * @param values the elements, row-major
     * @param shape dimensions
     * @param granularity which elements share a scale; per tensor there is none, unless entries are
     *     integers
     * @param sharing which elements share a table; those of a scale must share one
     * @param importance how much the error of each element counts
     * @throws NonFiniteValueException when a value is NaN or infinite
     * @throws IllegalArgumentException when shape, granularity and sharing do not go together
     */
    public static LevelTables tables(
            float[] values,
            long[] shape,
            Codebook format,
            Granularity granularity,
            CodebookSharing sharing,
            Importance importance) {
        LevelTensor.requireFit(format, granularity, sharing);
        LevelScaling scaling =
                LevelTensor.hasScales(format, granularity)
                        ? LevelScaling.SIGNED
                        : LevelScaling.NONE;
        return LevelTables.of(
                tables(
                        values,
                        format,
                        GroupGeometry.of(shape, granularity),
                        TableGeometry.of(shape, sharing),
                        scaling,
                        importance,
                        TaskRunner.SEQUENTIAL),
                sharing);
    }

    /**
     * Learns tables for groups that need not be those of an axis.
     *
     * @param values the elements, row-major
     * @param groups which share a scale
     * @param tables which share a table; those of a scale must share one
     * @param scaling whether there are scales, and whether they may be negative
     * @param importance how much the error of each element counts
     * @param runner what runs the searches, which do not depend on each other
     * @return tables in the order of the channels that they are for
     * @throws NonFiniteValueException when a value is NaN or infinite
     */
    public static List<LevelTable> tables(
            float[] values,
            Codebook format,
            GroupGeometry groups,
            TableGeometry tables,
            LevelScaling scaling,
            Importance importance,
            TaskRunner runner) {
        boolean negative = scaling == LevelScaling.SIGNED;
        CodebookSearch search =
                new CodebookSearch(values, format, groups, tables, importance, negative, runner);
        return scaling == LevelScaling.NONE ? search.unscaled() : search.scaled();
    }

    private List<LevelTable> unscaled() {
        return forEachTable(t -> LevelSearch.table(format, runs(t, values, importance)));
    }

    private List<LevelTable> forEachTable(IntFunction<LevelTable> search) {
        LevelTable[] found = new LevelTable[tables.tables()];
        runner.run(found.length, t -> found[t] = search.apply(t));
        return Arrays.asList(found);
    }

    private WeightedChunks runs(int table, float[] of, float @Nullable [] weights) {
        return visitor ->
                tables.forEachRun(table, (from, count) -> visitor.visit(of, weights, from, count));
    }

    private List<LevelTable> scaled() {
        float[] scales = new float[(int) groups.groupCount()];
        for (int g = 0; g < scales.length; g++) {
            Points points = points(g);
            double weight = points.weight(0, points.size());
            scales[g] = weight > 0 ? normal(Math.sqrt(points.energy() / weight)) : 1;
        }
        float[] normalized = new float[values.length];
        float[] weights = new float[values.length];
        List<LevelTable> found = List.of();
        for (int turn = 0; turn <= TURNS; turn++) {
            if (turn > 0) {
                rescale(found, scales);
            }
            normalize(scales, normalized, weights);
            found = clustered(normalized, weights, turn == TURNS);
        }
        return found;
    }

    private List<LevelTable> clustered(float[] normalized, float[] weights, boolean last) {
        return forEachTable(
                t -> {
                    Points points = LevelSearch.points(runs(t, normalized, weights));
                    if (points.size() == 0) {
                        return LevelTable.of(new float[format.levelCount()]);
                    }
                    LevelTable table =
                            new OptimalClusters(points, format.levelCount())
                                    .table(format.levelCount());
                    return last && format.integral() ? IntegerLevels.of(table, points) : table;
                });
    }

    private void rescale(List<LevelTable> found, float[] scales) {
        List<ScaleSearch> searches =
                found.stream().map(table -> new ScaleSearch(table, negative)).toList();
        runner.runRanges(
                scales.length,
                g -> {
                    Points points = points(g);
                    if (points.size() > 0) {
                        int table = tables.tableOf(groups.firstOf(g));
                        scales[g] = normal(searches.get(table).search(points));
                    }
                });
    }

    private Points points(int group) {
        return LevelSearch.points(
                values,
                importance,
                (int) groups.firstOf(group),
                (int) groups.sizeOf(group),
                (int) groups.inner());
    }

    /** A scale that can be divided by and multiplied with. */
    private static float normal(double scale) {
        float magnitude = (float) Math.clamp(Math.abs(scale), Float.MIN_NORMAL, 1e30);
        return scale < 0 ? -magnitude : magnitude;
    }

    private void normalize(float[] scales, float[] normalized, float[] weights) {
        int inner = (int) groups.inner();
        if (importance == null) {
            Arrays.fill(weights, 1);
        } else {
            System.arraycopy(importance, 0, weights, 0, weights.length);
        }
        // Squares of scales relative to the largest, so that they neither overflow nor vanish.
        double largest = 0;
        for (float scale : scales) {
            largest = Math.max(largest, Math.abs(scale));
        }
        for (int at = 0; at < values.length; at += inner) {
            int first = (int) groups.groupOf(at);
            for (int c = 0; c < inner; c++) {
                float scale = scales[first + c];
                double relative = scale / largest;
                normalized[at + c] = (float) ((double) values[at + c] / scale);
                weights[at + c] *= (float) (relative * relative);
            }
        }
    }
}
