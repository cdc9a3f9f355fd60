package dev.fewbit.core.level;

import org.jspecify.annotations.Nullable;

/**
 * The second reading of many values: exact sums of what lies in each bucket. Give it the values
 * that {@link ValueCounts} has seen. Mutable, not thread-safe.
 */
public final class ValueBuckets {

    private final int shift;

    /** Buckets of each bin, and the first of them. */
    private final int[] parts;

    private final int[] first;
    private final double centre;

    /** Weights, weighted distances from the centre, and weighted squares of those. */
    private final double[][] moments;

    ValueBuckets(int shift, int[] parts, double centre) {
        this.shift = shift;
        this.parts = parts;
        this.centre = centre;
        first = new int[parts.length];
        int size = 0;
        for (int bin = 0; bin < parts.length; bin++) {
            first[bin] = size;
            size += parts[bin];
        }
        moments = new double[3][size];
    }

    /** Width of a bin of floats that share all bits but some; finite even next to infinity. */
    static double width(int bin, int shift) {
        int lowest = bin << shift;
        return (double) FloatOrder.value(lowest + (1 << shift) - 1) - FloatOrder.value(lowest);
    }

    /** Adds values; arguments as in {@link ValueCounts#add}. */
    public void add(float[] values, float @Nullable [] importance, int from, int count) {
        for (int i = from; i < from + count; i++) {
            double weight = importance == null ? 1 : importance[i];
            if (weight > 0) {
                double distance = values[i] - centre;
                int bucket = bucket(values[i]);
                moments[0][bucket] += weight;
                moments[1][bucket] += weight * distance;
                moments[2][bucket] += weight * distance * distance;
            }
        }
    }

    /** Linear within a bin, as floats of one exponent are. */
    private int bucket(float value) {
        int key = FloatOrder.key(value);
        int bin = (key >> shift) + parts.length / 2;
        long rest = key & ((1 << shift) - 1);
        return first[bin] + (int) ((rest * parts[bin]) >> shift);
    }

    /** What was added. */
    public Points points() {
        return Points.ofMoments(centre, moments);
    }
}
