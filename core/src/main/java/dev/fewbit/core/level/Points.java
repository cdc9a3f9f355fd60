package dev.fewbit.core.level;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Weighted values in ascending order, with sums that give the weight, the mean and the squared
 * error of any run of them at once.
 *
 * <p>Sums are of distances from the middle value and run from there outwards. So no sum loses
 * digits to a large mean, nor to an outlier that lies further out than the run that is asked for. A
 * point may stand for several values that lie close together, or for values spread evenly over an
 * interval: its sums are theirs, its position their mean. Immutable.
 */
public final class Points {

    private final double[] positions;
    private final double centre;

    /** Sums over the points from the middle one to the one before an index, negative below it. */
    private final double[] weights;

    private final double[] sums;
    private final double[] squares;

    private Points(double[] positions, double centre, double[][] moments) {
        this.positions = positions;
        this.centre = centre;
        int middle = positions.length / 2;
        weights = outwards(moments[0], middle);
        sums = outwards(moments[1], middle);
        squares = outwards(moments[2], middle);
    }

    private static double[] outwards(double[] terms, int middle) {
        double[] sums = new double[terms.length + 1];
        for (int i = middle; i < terms.length; i++) {
            sums[i + 1] = sums[i] + terms[i];
        }
        for (int i = middle - 1; i >= 0; i--) {
            sums[i] = sums[i + 1] - terms[i];
        }
        return sums;
    }

    /**
     * Points from sums.
     *
     * @param centre what distances are taken from
     * @param moments weights, weighted distances and weighted squares of distances; ascending by
     *     the quotient of the first two; points of no weight are left out
     */
    static Points ofMoments(double centre, double[][] moments) {
        int size = 0;
        double[][] kept = new double[3][moments[0].length];
        for (int i = 0; i < moments[0].length; i++) {
            if (moments[0][i] > 0) {
                for (int m = 0; m < 3; m++) {
                    kept[m][size] = moments[m][i];
                }
                size++;
            }
        }
        double[] positions = new double[size];
        for (int m = 0; m < 3; m++) {
            kept[m] = Arrays.copyOf(kept[m], size);
        }
        for (int i = 0; i < size; i++) {
            positions[i] = centre + kept[1][i] / kept[0][i];
        }
        return new Points(positions, centre, kept);
    }

    /**
     * One point for each of a few values.
     *
     * @param values finite numbers
     * @param importance a weight for each, with the same index, none negative; null for equal ones.
     *     If all are zero they count as equal
     * @param stride distance from one value to the next
     */
    public static Points of(
            float[] values, float @Nullable [] importance, int from, int count, int stride) {
        float[] sorted = new float[count];
        double[] ordered = new double[count];
        double total = 0;
        if (importance != null) {
            for (int i = 0; i < count; i++) {
                total += importance[from + i * stride];
            }
        }
        if (importance == null || total == 0) {
            for (int i = 0; i < count; i++) {
                sorted[i] = values[from + i * stride];
            }
            Arrays.sort(sorted);
            Arrays.fill(ordered, 1);
        } else {
            long[] keys = new long[count];
            for (int i = 0; i < count; i++) {
                int key = FloatOrder.key(values[from + i * stride]);
                keys[i] = ((long) key << Integer.SIZE) | i;
            }
            Arrays.sort(keys);
            for (int i = 0; i < count; i++) {
                int at = from + (int) keys[i] * stride;
                sorted[i] = values[at];
                ordered[i] = importance[at];
            }
        }
        double centre = count == 0 ? 0 : sorted[count / 2];
        double[][] moments = new double[3][count];
        for (int i = 0; i < count; i++) {
            double distance = sorted[i] - centre;
            moments[0][i] = ordered[i];
            moments[1][i] = ordered[i] * distance;
            moments[2][i] = ordered[i] * distance * distance;
        }
        return ofMoments(centre, moments);
    }

    /**
     * Points for values that are known by intervals only, and taken as spread evenly over those.
     * Intervals are cut into equal parts in proportion to the cube root of density, integrated over
     * them.
     *
     * @param lower lower ends, ascending
     * @param upper upper ends, none beyond the next lower one; an interval of no width is a number
     * @param counts weights of the intervals, none negative
     * @param most largest number of points, unless there are more intervals
     */
    public static Points ofIntervals(double[] lower, double[] upper, double[] counts, int most) {
        double[] shares = new double[counts.length];
        for (int i = 0; i < counts.length; i++) {
            double width = upper[i] - lower[i];
            shares[i] = StrictMath.cbrt(counts[i]) * StrictMath.cbrt(width * width);
        }
        double sum = Arrays.stream(shares).sum();
        int[] parts = new int[counts.length];
        int size = 0;
        for (int i = 0; i < counts.length; i++) {
            double extra = Math.max(0, most - counts.length) * (shares[i] / sum);
            parts[i] = 1 + (sum > 0 ? (int) extra : 0);
            size += parts[i];
        }
        double centre = counts.length == 0 ? 0 : lower[counts.length / 2];
        double[][] moments = new double[3][size];
        int at = 0;
        for (int i = 0; i < counts.length; i++) {
            double width = (upper[i] - lower[i]) / parts[i];
            double weight = counts[i] / parts[i];
            for (int part = 0; part < parts[i]; part++) {
                double distance = lower[i] - centre + (part + 0.5) * width;
                moments[0][at] = weight;
                moments[1][at] = weight * distance;
                moments[2][at++] = weight * (distance * distance + width * width / 12);
            }
        }
        return ofMoments(centre, moments);
    }

    /** Number of points, all of which have weight. */
    public int size() {
        return positions.length;
    }

    /** Where a point lies. */
    public double position(int point) {
        return positions[point];
    }

    /** Weight of the points from one to the one before another. */
    public double weight(int from, int to) {
        return weights[to] - weights[from];
    }

    /** Weighted sum of the values of a run. */
    public double sum(int from, int to) {
        return sums[to] - sums[from] + centre * weight(from, to);
    }

    /** Weighted sum of the squares of all values. */
    public double energy() {
        return error(0, size(), 0);
    }

    /** Mean of a run that is not empty. */
    public double mean(int from, int to) {
        return centre + (sums[to] - sums[from]) / (weights[to] - weights[from]);
    }

    /** Weighted sum of squared distances of a run from its mean; 0 for an empty one. */
    public double spread(int from, int to) {
        double weight = weights[to] - weights[from];
        double sum = sums[to] - sums[from];
        return weight > 0 ? Math.max(0, squares[to] - squares[from] - sum * sum / weight) : 0;
    }

    /** Weighted sum of squared distances of a run from a number. */
    public double error(int from, int to, double value) {
        double distance = value - centre;
        double weight = weights[to] - weights[from];
        double sum = sums[to] - sums[from];
        return Math.max(0, squares[to] - squares[from] - distance * (2 * sum - distance * weight));
    }

    /**
     * The first point that lies beyond a threshold.
     *
     * @param from a point that is known not to lie beyond it, or the first of all
     */
    public int firstAbove(double threshold, int from) {
        // Without branches that depend on the values: they could not be predicted.
        int low = from;
        int left = positions.length - from;
        while (left > 1) {
            int half = left >>> 1;
            low += positions[low + half - 1] <= threshold ? half : 0;
            left -= half;
        }
        return left > 0 && positions[low] <= threshold ? low + 1 : low;
    }

    /** Weighted squared error of rounding every point to the nearest of some ascending values. */
    public double error(double[] ascending) {
        double error = 0;
        int from = 0;
        for (int i = 0; i < ascending.length; i++) {
            int to =
                    i + 1 == ascending.length
                            ? size()
                            : firstAbove((ascending[i] + ascending[i + 1]) / 2, from);
            error += error(from, to, ascending[i]);
            from = to;
        }
        return error;
    }
}
