package dev.fewbit.core.quantize;

import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.kernel.AffineKernels;
import dev.fewbit.core.level.IntegerLevels;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.level.OptimalClusters;
import dev.fewbit.core.level.Points;
import dev.fewbit.core.level.ScaleSearch;
import dev.fewbit.core.level.ValueBuckets;
import dev.fewbit.core.level.ValueCounts;

import org.jspecify.annotations.Nullable;

/**
 * Finds tables and scales for values of any number, by reading them in chunks.
 *
 * <p>Up to {@link ValueCounts#MOST_POINTS} values are looked at one by one, so that what is found
 * is the optimum up to rounding. More are read a second time and gathered into as many buckets; see
 * {@link ValueCounts#buckets} for what that costs.
 */
public final class LevelSearch {

    private LevelSearch() {}

    /**
     * The table of a codebook with the least weighted squared error.
     *
     * @param format with integer entries, the table is rounded to integers, and goes with a scale
     *     that is still to be found
     * @throws NonFiniteValueException when a value is NaN or infinite
     */
    public static LevelTable table(Codebook format, WeightedChunks chunks) {
        Points points = points(chunks);
        if (points.size() == 0) {
            return LevelTable.of(new float[format.levelCount()]);
        }
        LevelTable table =
                new OptimalClusters(points, format.levelCount()).table(format.levelCount());
        return format.integral() ? IntegerLevels.of(table, points) : table;
    }

    /**
     * The scale with the least weighted squared error that a search finds, for one group.
     *
     * @param table levels that are given
     * @throws NonFiniteValueException when a value is NaN or infinite
     */
    public static float scale(LevelTable table, WeightedChunks chunks) {
        return new ScaleSearch(table).search(points(chunks));
    }

    /**
     * Weighted points for searches of one's own.
     *
     * @throws NonFiniteValueException when a value is NaN or infinite; its index counts from the
     *     first value
     */
    public static Points points(WeightedChunks chunks) {
        First first = new First();
        chunks.forEach(first);
        if (first.count <= first.values.length) {
            return Points.of(first.values, first.importance, 0, (int) first.count, 1);
        }
        if (first.counts.total() == 0) {
            // Nothing counts, so everything counts as much.
            return points(
                    visitor ->
                            chunks.forEach(
                                    (values, importance, from, count) ->
                                            visitor.visit(values, null, from, count)));
        }
        ValueBuckets buckets = first.counts.buckets(ValueCounts.MOST_POINTS);
        chunks.forEach(buckets::add);
        return buckets.points();
    }

    /** {@link #points(WeightedChunks)} of evenly spaced finite values of an array. */
    static Points points(
            float[] values, float @Nullable [] importance, int from, int count, int stride) {
        if (count <= ValueCounts.MOST_POINTS) {
            return Points.of(values, importance, from, count, stride);
        }
        if (stride == 1) {
            return points(visitor -> visitor.visit(values, importance, from, count));
        }
        float[] gathered = new float[count];
        float[] weights = importance == null ? null : new float[count];
        for (int i = 0; i < count; i++) {
            gathered[i] = values[from + i * stride];
            if (weights != null && importance != null) {
                weights[i] = importance[from + i * stride];
            }
        }
        return points(visitor -> visitor.visit(gathered, weights, 0, count));
    }

    /** Counts values, and keeps them as long as they are few. */
    private static final class First implements WeightedChunks.Visitor {

        private final float[] values = new float[ValueCounts.MOST_POINTS];
        private float @Nullable [] importance;
        private final ValueCounts counts = new ValueCounts();
        private long count;

        @Override
        public void visit(float[] chunk, float @Nullable [] weights, int from, int size) {
            int bad = AffineKernels.firstNonFinite(chunk, from, size);
            if (bad >= 0) {
                throw new NonFiniteValueException(count + bad, chunk[from + bad]);
            }
            counts.add(chunk, weights, from, size);
            if (count + size <= values.length) {
                keep(chunk, weights, from, size);
            }
            count += size;
        }

        private void keep(float[] chunk, float @Nullable [] weights, int from, int size) {
            System.arraycopy(chunk, from, values, (int) count, size);
            if (weights != null) {
                float[] kept = importance == null ? new float[values.length] : importance;
                System.arraycopy(weights, from, kept, (int) count, size);
                importance = kept;
            }
        }
    }
}
