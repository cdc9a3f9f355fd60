package dev.fewbit.core.statistics;

import java.util.Arrays;

/**
 * Sums of runs of floats in double precision, in an order that the length defines: of several lanes
 * as far as those are full, lane i with lane i + half and so on, and then of the rest.
 */
final class RunSums {

    /** Lanes of a long run, which become vectors. */
    static final int LANES = 64;

    /** Where setting up vectors begins to pay. */
    private static final int LONG = 512;

    private RunSums() {}

    /**
     * The sum.
     *
     * @param lanes room for {@link #LANES} sums
     */
    static double sum(float[] values, int from, int length, double[] lanes) {
        return length < LONG
                ? sumShort(values, from, from + length)
                : sumLong(values, from, from + length, lanes);
    }

    private static double sumShort(float[] values, int from, int end) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = from;
        for (; i <= end - 4; i += 4) {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
        }
        double sum = (a + c) + (b + d);
        for (; i < end; i++) {
            sum += values[i];
        }
        return sum;
    }

    private static double sumLong(float[] values, int from, int end, double[] lanes) {
        Arrays.fill(lanes, 0);
        int i = from;
        for (; i <= end - LANES; i += LANES) {
            for (int lane = 0; lane < LANES; lane++) {
                lanes[lane] += values[i + lane];
            }
        }
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int lane = 0; lane < half; lane++) {
                lanes[lane] += lanes[lane + half];
            }
        }
        double sum = lanes[0];
        for (; i < end; i++) {
            sum += values[i];
        }
        return sum;
    }
}
