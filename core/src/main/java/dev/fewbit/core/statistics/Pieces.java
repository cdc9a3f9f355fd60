package dev.fewbit.core.statistics;

import java.util.Arrays;

/**
 * Intervals that hold values, ascending and without overlap. None has zero in its interior: a value
 * of zero is counted by {@link Distribution#zeros()} and lies in no piece.
 *
 * <p>The first and the last piece end at the smallest and largest value, where those are known. A
 * piece of no width is a number that all of its values equal. Immutable.
 */
public final class Pieces {

    private final double[] lower;
    private final double[] upper;
    private final long[] counts;

    private Pieces(double[] lower, double[] upper, long[] counts) {
        this.lower = lower;
        this.upper = upper;
        this.counts = counts;
    }

    /** Number of pieces. */
    public int size() {
        return counts.length;
    }

    /** Lower end of a piece. */
    public double lower(int piece) {
        return lower[piece];
    }

    /** Upper end of a piece. */
    public double upper(int piece) {
        return upper[piece];
    }

    /** How many values lie in a piece, at least 1. */
    public long count(int piece) {
        return counts[piece];
    }

    /** Collects pieces in ascending order. */
    static final class Builder {

        private final double minimum;
        private final double maximum;
        private double[] lower = new double[64];
        private double[] upper = new double[64];
        private long[] counts = new long[64];
        private int size;

        /** For values of this range. */
        Builder(double minimum, double maximum) {
            this.minimum = minimum;
            this.maximum = maximum;
        }

        /** Adds a piece, as far as it lies within the range. */
        void add(double low, double high, long count) {
            if (count == 0) {
                return;
            }
            if (size == counts.length) {
                lower = Arrays.copyOf(lower, 2 * size);
                upper = Arrays.copyOf(upper, 2 * size);
                counts = Arrays.copyOf(counts, 2 * size);
            }
            lower[size] = Math.min(Math.max(low, minimum), maximum);
            upper[size] = Math.min(Math.max(high, minimum), maximum);
            counts[size++] = count;
        }

        Pieces build() {
            return new Pieces(
                    Arrays.copyOf(lower, size),
                    Arrays.copyOf(upper, size),
                    Arrays.copyOf(counts, size));
        }
    }
}
