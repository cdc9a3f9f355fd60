package dev.fewbit.core.calibrate;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.statistics.Distribution;

/**
 * The magnitude up to which levels should reach, by S. Migacz, 8-bit Inference with TensorRT (GTC
 * 2017).
 *
 * <p>Magnitudes are counted in {@link #BINS} bins of equal width, zeros left out: a ReLU would make
 * them outweigh everything else, and they are exact anyway. For a cut after i bins,
 *
 * <pre>
 * P = the first i bins, what lies above them added to the last
 * Q = the first i bins, summed up in groups, one for each level,
 *     and each group spread evenly over those of its bins that are not empty
 * </pre>
 *
 * and the cut with the least {@code KL(P || Q)} wins. Levels are those for magnitudes: half of all
 * codes if there are values on both sides of zero or the format is symmetric, otherwise all.
 *
 * <p>With sums of counts, of bins that are not empty and of {@code c log c} over the first bins, a
 * cut takes time proportional to the number of levels.
 */
final class EntropySearch {

    /** Bins of magnitudes. */
    static final int BINS = 2048;

    /** Bins from one cut to the next. */
    static final int CUT_STEP = 4;

    private static final int BITS = 8;

    private final double[] counts;

    /** Sums over the first i bins. */
    private final double[] sums = new double[BINS + 1];

    private final double[] logarithms = new double[BINS + 1];
    private final int[] occupied = new int[BINS + 1];

    private EntropySearch(double[] counts) {
        this.counts = counts;
        for (int i = 0; i < BINS; i++) {
            sums[i + 1] = sums[i] + counts[i];
            logarithms[i + 1] = logarithms[i] + timesLogarithm(counts[i]);
            occupied[i + 1] = occupied[i] + (counts[i] > 0 ? 1 : 0);
        }
    }

    /** The magnitude to cut at. */
    static double magnitude(Distribution distribution, Affine format) {
        if (format.bits() != BITS) {
            throw new IllegalArgumentException(
                    "entropy finds ranges of 8 bits, got %d; use squared-error"
                            .formatted(format.bits()));
        }
        Magnitudes magnitudes = Magnitudes.of(distribution);
        double largest = magnitudes.largest();
        if (largest == 0) {
            return 0;
        }
        boolean twoSided = distribution.minimum() < 0 && distribution.maximum() > 0;
        int levels = twoSided || format.symmetric() ? format.levels() / 2 : format.levels();
        int cut = new EntropySearch(counts(magnitudes, largest)).bestCut(levels);
        return largest * cut / BINS;
    }

    /** How many magnitudes lie in each of the bins, pieces spread evenly. */
    static double[] counts(Magnitudes magnitudes, double largest) {
        double[] counts = new double[BINS];
        double perWidth = BINS / largest;
        for (int i = 0; i < magnitudes.size(); i++) {
            double low = magnitudes.lower[i] * perWidth;
            double high = magnitudes.upper[i] * perWidth;
            int first = (int) Math.min(low, BINS - 1);
            int last = (int) Math.min(high, BINS - 1);
            double count = magnitudes.counts[i];
            if (first == last) {
                counts[first] += count;
            } else {
                double each = count / (high - low);
                counts[first] += each * (first + 1 - low);
                for (int bin = first + 1; bin < last; bin++) {
                    counts[bin] += each;
                }
                counts[last] += each * (high - last);
            }
        }
        return counts;
    }

    private int bestCut(int levels) {
        int best = BINS;
        double least = Double.POSITIVE_INFINITY;
        for (int cut = levels; cut <= BINS; cut += CUT_STEP) {
            double divergence = divergence(cut, levels);
            if (divergence < least) {
                least = divergence;
                best = cut;
            }
        }
        return best;
    }

    /** {@code KL(P || Q)}; infinite where Q is zero and P is not. */
    private double divergence(int cut, int levels) {
        double kept = sums[cut];
        double total = sums[BINS];
        double last = counts[cut - 1];
        double tail = total - kept;
        if (kept == 0 || (last == 0 && tail > 0)) {
            return Double.POSITIVE_INFINITY;
        }
        // Sum of P log P and of P log Q, as yet without dividing both by their sums.
        double own = logarithms[cut] - timesLogarithm(last) + timesLogarithm(last + tail);
        double other = 0;
        for (int level = 0; level < levels; level++) {
            int from = level * cut / levels;
            int to = (level + 1) * cut / levels;
            double sum = sums[to] - sums[from];
            if (sum > 0) {
                double logarithm = StrictMath.log(sum / (occupied[to] - occupied[from]));
                other += (to == cut ? sum + tail : sum) * logarithm;
            }
        }
        return (own - other) / total - StrictMath.log(total) + StrictMath.log(kept);
    }

    private static double timesLogarithm(double count) {
        return count == 0 ? 0 : count * StrictMath.log(count);
    }
}
