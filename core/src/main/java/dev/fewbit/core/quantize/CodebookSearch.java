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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

    private CodebookSearch(
            float[] values,
            long[] shape,
            Codebook format,
            Granularity granularity,
            CodebookSharing sharing,
            Importance importance) {
        this.values = values;
        this.importance = importance.forElements(0, values.length);
        this.format = format;
        groups = GroupGeometry.of(shape, granularity);
        tables = TableGeometry.of(shape, sharing);
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
        CodebookSearch search =
                new CodebookSearch(values, shape, format, granularity, sharing, importance);
        List<LevelTable> found =
                LevelTensor.hasScales(format, granularity) ? search.scaled() : search.unscaled();
        return LevelTables.of(found, sharing);
    }

    private List<LevelTable> unscaled() {
        List<LevelTable> found = new ArrayList<>();
        for (int t = 0; t < tables.tables(); t++) {
            found.add(LevelSearch.table(format, runs(t, values, importance)));
        }
        return found;
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
        List<LevelTable> found = new ArrayList<>();
        for (int t = 0; t < tables.tables(); t++) {
            Points points = LevelSearch.points(runs(t, normalized, weights));
            if (points.size() == 0) {
                found.add(LevelTable.of(new float[format.levelCount()]));
                continue;
            }
            LevelTable table =
                    new OptimalClusters(points, format.levelCount()).table(format.levelCount());
            found.add(last && format.integral() ? IntegerLevels.of(table, points) : table);
        }
        return found;
    }

    private void rescale(List<LevelTable> found, float[] scales) {
        List<ScaleSearch> searches = found.stream().map(ScaleSearch::new).toList();
        for (int g = 0; g < scales.length; g++) {
            Points points = points(g);
            if (points.size() > 0) {
                int table = tables.tableOf(groups.firstOf(g));
                scales[g] = normal(searches.get(table).search(points));
            }
        }
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
