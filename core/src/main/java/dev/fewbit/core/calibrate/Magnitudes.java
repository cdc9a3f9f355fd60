package dev.fewbit.core.calibrate;

import dev.fewbit.core.statistics.Distribution;
import dev.fewbit.core.statistics.Pieces;

import java.util.Arrays;

/**
 * The absolute values of one side of a distribution, or of both together, ascending.
 *
 * <p>Pieces may overlap only where two sides were put together.
 */
final class Magnitudes {

    final double[] lower;
    final double[] upper;
    final double[] counts;

    private Magnitudes(double[] lower, double[] upper, double[] counts) {
        this.lower = lower;
        this.upper = upper;
        this.counts = counts;
    }

    /** Both sides, without zeros. */
    static Magnitudes of(Distribution distribution) {
        Pieces pieces = distribution.pieces();
        Magnitudes negative = of(pieces, true);
        Magnitudes positive = of(pieces, false);
        int size = negative.size() + positive.size();
        double[] lower = new double[size];
        double[] upper = new double[size];
        double[] counts = new double[size];
        int n = 0;
        int p = 0;
        for (int i = 0; i < size; i++) {
            boolean takeNegative =
                    p == positive.size()
                            || (n < negative.size() && negative.lower[n] <= positive.lower[p]);
            Magnitudes from = takeNegative ? negative : positive;
            int at = takeNegative ? n++ : p++;
            lower[i] = from.lower[at];
            upper[i] = from.upper[at];
            counts[i] = from.counts[at];
        }
        return new Magnitudes(lower, upper, counts);
    }

    /** One side, without zeros. */
    static Magnitudes of(Pieces pieces, boolean negative) {
        int size = pieces.size();
        double[] lower = new double[size];
        double[] upper = new double[size];
        double[] counts = new double[size];
        int n = 0;
        for (int i = 0; i < size; i++) {
            int piece = negative ? size - 1 - i : i;
            double low = negative ? -pieces.upper(piece) : pieces.lower(piece);
            double high = negative ? -pieces.lower(piece) : pieces.upper(piece);
            // A piece of zeros only has no side.
            if (low >= 0 && high > 0) {
                lower[n] = low;
                upper[n] = high;
                counts[n++] = pieces.count(piece);
            }
        }
        return new Magnitudes(
                Arrays.copyOf(lower, n), Arrays.copyOf(upper, n), Arrays.copyOf(counts, n));
    }

    int size() {
        return counts.length;
    }

    /** Largest magnitude, 0 if there is none. */
    double largest() {
        double largest = 0;
        for (double high : upper) {
            largest = Math.max(largest, high);
        }
        return largest;
    }

    /**
     * The magnitude that a share of the values other than zero does not exceed.
     *
     * @param share from 0 to 1, which is the largest
     */
    double quantile(double share) {
        double total = 0;
        for (double count : counts) {
            total += count;
        }
        double above = total - share * total;
        if (above <= 0) {
            return largest();
        }
        // From the top, where the small shares are; the pieces there that overlap are taken in the
        // order of their lower ends.
        for (int i = size() - 1; i >= 0; i--) {
            if (above < counts[i]) {
                return upper[i] - (upper[i] - lower[i]) * (above / counts[i]);
            }
            above -= counts[i];
        }
        return 0;
    }
}
