package dev.fewbit.core.rounding;

import java.util.Arrays;

/**
 * Finds the scale of each group of a {@link LevelGrid} with the least squared error: a geometric
 * grid of scales, then alternation between the nearest levels and the best scale for them, {@code
 * sum(w q) / sum(q q)} (Lloyd 1982). Each step keeps the best seen.
 */
final class LevelScaleSearch {

    /** Candidates; a table of powers of two repeats itself after an octave. */
    private static final int CANDIDATES = 49;

    /** Ratio of two candidates, the 16th root of 2: three octaves in all. */
    private static final double RATIO = 1.0442737824274138;

    private static final int REFITS = 4;

    private final float[] table;
    private final int groupSize;

    LevelScaleSearch(float[] table, int groupSize) {
        this.table = table.clone();
        this.groupSize = groupSize;
        if (!(table[0] < 0 || table[table.length - 1] > 0)) {
            throw new IllegalArgumentException(
                    "some level is not zero, got " + Arrays.toString(table));
        }
    }

    LevelGrid fit(WeightMatrix weights) {
        LevelGrid unit = grid(1, 1, 1, new float[] {1});
        int groups = Math.ceilDiv(weights.columns(), groupSize);
        float[] scales = new float[weights.rows() * groups];
        for (int row = 0; row < weights.rows(); row++) {
            for (int g = 0; g < groups; g++) {
                int end = Math.min(weights.columns(), (g + 1) * groupSize);
                scales[row * groups + g] = scale(unit, weights, row, g * groupSize, end);
            }
        }
        return grid(weights.rows(), weights.columns(), groupSize, scales);
    }

    private LevelGrid grid(int rows, int columns, int size, float[] scales) {
        return new LevelGrid(rows, columns, size, new float[][] {table}, rows, scales);
    }

    private float scale(LevelGrid unit, WeightMatrix weights, int row, int from, int to) {
        double spanning = spanning(weights, row, from, to);
        if (!(spanning > Float.MIN_NORMAL)) {
            return spanning > 0 ? Float.MIN_NORMAL : 1;
        }
        double best = bounded(spanning);
        Sums bestSums = new Sums(unit, weights, row, from, to, best);
        double candidate = spanning * RATIO;
        for (int i = 0; i < CANDIDATES; i++) {
            double scale = bounded(candidate);
            Sums sums = new Sums(unit, weights, row, from, to, scale);
            if (sums.error < bestSums.error) {
                best = scale;
                bestSums = sums;
            }
            candidate /= RATIO;
        }
        for (int i = 0; i < REFITS && bestSums.squares > 0 && bestSums.products > 0; i++) {
            double scale = bounded(bestSums.products / bestSums.squares);
            Sums sums = new Sums(unit, weights, row, from, to, scale);
            if (!(sums.error < bestSums.error)) {
                break;
            }
            best = scale;
            bestSums = sums;
        }
        return (float) best;
    }

    private static float bounded(double scale) {
        return (float) Math.clamp(scale, Float.MIN_NORMAL, Float.MAX_VALUE);
    }

    /** The smallest scale with which no weight is beyond the levels, as far as they have a sign. */
    private double spanning(WeightMatrix weights, int row, int from, int to) {
        double lowest = Math.min(0, table[0]);
        double highest = Math.max(0, table[table.length - 1]);
        double scale = 0;
        for (int c = from; c < to; c++) {
            double value = weights.get(row, c);
            if (value > 0 && highest > 0) {
                scale = Math.max(scale, value / highest);
            } else if (value < 0 && lowest < 0) {
                scale = Math.max(scale, value / lowest);
            }
        }
        return scale;
    }

    /** What a scale gives: sums over a group of w q, q q and the squared error. */
    private static final class Sums {
        double products;
        double squares;
        double error;

        Sums(LevelGrid unit, WeightMatrix weights, int row, int from, int to, double scale) {
            for (int c = from; c < to; c++) {
                double value = weights.get(row, c);
                double level = unit.level(0, 0, unit.nearest(0, 0, value / scale));
                products += value * level;
                squares += level * level;
                double rest = value - level * scale;
                error += rest * rest;
            }
        }
    }
}
