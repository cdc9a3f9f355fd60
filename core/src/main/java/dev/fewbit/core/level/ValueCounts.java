package dev.fewbit.core.level;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The first of two readings of many values: how much weight there is in every bin of 1/256 octave.
 * {@link #buckets} then says how to gather them into {@link Points} in the second reading. Mutable,
 * not thread-safe.
 */
public final class ValueCounts {

    /** Points that are enough for tables of 256 levels. */
    public static final int MOST_POINTS = 1 << 14;

    /** Bits of a float below sign, exponent and 8 bits of its fraction. */
    private static final int SHIFT = 15;

    private static final int BINS = 1 << (Integer.SIZE - SHIFT);

    private final double[] bins = new double[BINS];
    private double total;

    /** Nothing counted yet. */
    public ValueCounts() {}

    /**
     * Counts values.
     *
     * @param values finite numbers
     * @param importance a weight for each, with the same index, none negative; null for equal ones
     */
    public void add(float[] values, float @Nullable [] importance, int from, int count) {
        for (int i = from; i < from + count; i++) {
            double weight = importance == null ? 1 : importance[i];
            bins[(FloatOrder.key(values[i]) >> SHIFT) + BINS / 2] += weight;
            total += weight;
        }
    }

    /** Weight of all values. */
    public double total() {
        return total;
    }

    /**
     * Cuts the range into buckets.
     *
     * <p>Every bin that holds a value begins a bucket (bins are put together by twos until they are
     * at most half as many as the buckets), and is cut into equal parts in proportion to the cube
     * root of density, integrated over it. That is how the levels of a good table with many levels
     * lie (Panter and Dite 1951), so that between any two of them there are as many buckets: at
     * least {@code most / 2 / levels}, say m. A table found from buckets has a threshold at a
     * boundary of buckets that can be half a bucket off, which costs at most a relative {@code 3 /
     * m^2} of squared error before values are rounded to the nearest level again: 0.3 % or 0.013 dB
     * for 256 levels, nothing that shows for 16.
     *
     * @param most largest number of buckets
     */
    public ValueBuckets buckets(int most) {
        int shift = SHIFT;
        double[] coarse = bins.clone();
        int used = used(coarse);
        while (used > most / 2) {
            double[] halved = new double[coarse.length / 2];
            for (int i = 0; i < coarse.length; i++) {
                halved[i / 2] += coarse[i];
            }
            coarse = halved;
            shift++;
            used = used(coarse);
        }
        double[] shares = new double[coarse.length];
        for (int i = 0; i < coarse.length; i++) {
            if (coarse[i] > 0) {
                double width = ValueBuckets.width(i - coarse.length / 2, shift);
                shares[i] = StrictMath.cbrt(coarse[i] / total * width * width);
            }
        }
        double sum = Arrays.stream(shares).sum();
        int[] parts = new int[coarse.length];
        double before = 0;
        double centre = 0;
        for (int i = 0; i < coarse.length; i++) {
            if (coarse[i] > 0) {
                parts[i] = 1 + (sum > 0 ? (int) ((most - used) * (shares[i] / sum)) : 0);
                if (before < total / 2) {
                    centre = FloatOrder.value((i - coarse.length / 2) << shift);
                }
                before += coarse[i];
            }
        }
        return new ValueBuckets(shift, parts, centre);
    }

    private static int used(double[] bins) {
        int used = 0;
        for (double bin : bins) {
            used += bin > 0 ? 1 : 0;
        }
        return used;
    }
}
