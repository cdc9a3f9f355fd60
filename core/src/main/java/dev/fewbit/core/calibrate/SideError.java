package dev.fewbit.core.calibrate;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Squared error of rounding magnitudes to {@code 0, S, 2S, ... kS}.
 *
 * <p>With t = x / S, n = min(rint(t), k) and r = t - n, the squared error of x is {@code S^2 r^2}
 * and its integral from 0 to x is {@code S^3 (n / 12 + r^3 / 3)}, both within the levels and beyond
 * the last one. So the mean over a piece is a difference quotient, whether it is wider or narrower
 * than a step. Magnitudes below S / 2 become zero, those above kS become kS: their errors follow
 * from sums of powers over all pieces below and above.
 *
 * <p>For one thread.
 */
final class SideError {

    private static final double TWELFTH = 1.0 / 12;
    private static final double THIRD = 1.0 / 3;

    private final double[] lower;
    private final double[] upper;
    private final double[] counts;

    /** Count by width; 0 for a piece of no width. */
    private final double[] density;

    /** Where pieces begin and end, each once where one begins at the end of the one before. */
    private final double[] edges;

    /** The edge at which each piece begins; it ends at the next one. */
    private final int[] begins;

    /** The pieces of no width. */
    private final int[] points;

    private final double[] integrals;

    /** Sum of the squares of the first i pieces. */
    private final double[] squaresBelow;

    /** Number, sum and sum of squares of the pieces from i on. */
    private final double[] countAbove;

    private final double[] sumAbove;
    private final double[] squaresAbove;

    SideError(Magnitudes magnitudes) {
        lower = magnitudes.lower;
        upper = magnitudes.upper;
        counts = magnitudes.counts;
        int size = magnitudes.size();
        double[] ends = new double[2 * size];
        begins = new int[size];
        int count = 0;
        for (int i = 0; i < size; i++) {
            if (count == 0 || ends[count - 1] != lower[i]) {
                ends[count++] = lower[i];
            }
            begins[i] = count - 1;
            ends[count++] = upper[i];
        }
        edges = Arrays.copyOf(ends, count);
        integrals = new double[count];
        points = IntStream.range(0, size).filter(i -> !(upper[i] > lower[i])).toArray();
        density = new double[size];
        squaresBelow = new double[size + 1];
        countAbove = new double[size + 1];
        sumAbove = new double[size + 1];
        squaresAbove = new double[size + 1];
        for (int i = 0; i < size; i++) {
            double width = upper[i] - lower[i];
            density[i] = width > 0 ? counts[i] / width : 0;
            squaresBelow[i + 1] = squaresBelow[i] + squares(i);
        }
        for (int i = size - 1; i >= 0; i--) {
            countAbove[i] = countAbove[i + 1] + counts[i];
            sumAbove[i] = sumAbove[i + 1] + counts[i] * (lower[i] + upper[i]) / 2;
            squaresAbove[i] = squaresAbove[i + 1] + squares(i);
        }
    }

    private double squares(int i) {
        double a = lower[i];
        double b = upper[i];
        return counts[i] * (a * a + a * b + b * b) / 3;
    }

    double largest() {
        return upper.length == 0 ? 0 : upper[upper.length - 1];
    }

    boolean isEmpty() {
        return counts.length == 0;
    }

    /** Error of values above a limit that become the limit. */
    double clipping(double limit) {
        int from = firstFrom(limit);
        return Math.max(
                0,
                squaresAbove[from] - 2 * limit * sumAbove[from] + limit * limit * countAbove[from]);
    }

    /**
     * An estimate of {@link #exact} that takes the time of two binary searches: the error of values
     * between S / 2 and the limit is {@code S^2 / 12} on average.
     */
    double estimate(double scale, double limit) {
        int rounded = firstFrom(scale / 2);
        int clipped = Math.max(rounded, firstFrom(limit));
        double between = countAbove[rounded] - countAbove[clipped];
        return squaresBelow[rounded] + between * scale * scale / 12 + clipping(limit);
    }

    /**
     * The sum of the squared errors.
     *
     * @param scale the distance S of levels
     * @param steps how many levels there are above zero
     */
    double exact(double scale, int steps) {
        if (steps == 0) {
            return squaresBelow[counts.length];
        }
        int from = firstEndingAbove(scale / 2);
        double limit = steps * scale;
        int to = firstFrom(limit);
        if (from >= to) {
            return squaresBelow[from] + clipping(limit);
        }
        double perScale = 1 / scale;
        // Apart from the sum, because the compiler makes vector code of such a loop only.
        integrate(edges, begins[from], begins[to - 1] + 2, perScale, steps, integrals);
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += density[i] * (integrals[begins[i] + 1] - integrals[begins[i]]);
        }
        double squares = sum * scale;
        for (int point : points) {
            if (point >= from && point < to) {
                squares += counts[point] * squaredError(lower[point] * perScale, steps);
            }
        }
        return squaresBelow[from] + squares * scale * scale + clipping(limit);
    }

    private static void integrate(
            double[] edges, int from, int to, double perScale, int steps, double[] integrals) {
        for (int i = from; i < to; i++) {
            integrals[i] = integral(edges[i] * perScale, steps);
        }
    }

    private static double integral(double t, int steps) {
        double n = Math.min(Math.rint(t), steps);
        double r = t - n;
        return n * TWELFTH + r * r * r * THIRD;
    }

    private static double squaredError(double t, int steps) {
        double r = t - Math.min(Math.rint(t), steps);
        return r * r;
    }

    /** The first piece that begins at a magnitude or above. */
    private int firstFrom(double magnitude) {
        return first(lower, magnitude, false);
    }

    /** The first piece that ends above a magnitude. */
    private int firstEndingAbove(double magnitude) {
        return first(upper, magnitude, true);
    }

    private static int first(double[] ends, double magnitude, boolean above) {
        int low = 0;
        int high = ends.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            boolean reached = above ? ends[middle] > magnitude : ends[middle] >= magnitude;
            if (reached) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
