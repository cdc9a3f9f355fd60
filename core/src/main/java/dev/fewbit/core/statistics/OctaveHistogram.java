package dev.fewbit.core.statistics;

import java.util.Optional;

/**
 * A histogram of floats with bins of constant relative width, at every size that a float can have.
 *
 * <p>An octave, the numbers from one power of two to the next, has {@code 2^PRECISION} bins of
 * equal width: a bin is the sign, the exponent and the first bits of the fraction, so that finding
 * it is a shift. Zero has a bin of its own, and numbers below {@link Float#MIN_NORMAL} in magnitude
 * count as zero. Counts, minimum and maximum are functions of the values alone: they do not depend
 * on the order of adding and merging, or on how values were spread over several histograms.
 *
 * <p>Unlike a histogram of bins of one width this one is not spoilt by a few huge values, such as
 * the {@code -3.4e38} or {@code -10000} that attention masks add: all others keep their resolution,
 * and {@link #mask()} and {@link #withoutMask()} tell them apart.
 *
 * <p>Resolution: in the largest octave bins are between 1/512 and 1/256 of the largest value wide,
 * and finer in all others. Measured on a million Gaussian, Laplacian, ReLU, GELU and outlying
 * values at 4 and 8 bits, ranges found from it are within 0.001 dB of those found from the values;
 * one bit of precision less costs up to 0.003 dB. Memory: 1 KiB for every octave and sign between
 * the smallest and the largest magnitude; 20 octaves are common.
 *
 * <p>Mutable, not thread-safe: give each thread its own and merge.
 */
public final class OctaveHistogram implements Distribution {

    /** Bits of the fraction that bins tell apart. */
    public static final int PRECISION = 8;

    /** Smallest exponent of a mask: -512 and below. */
    private static final int MASK_EXPONENT = 9;

    /** Octaves without values between a mask and all else. */
    private static final int MASK_GAP = 5;

    private final OctaveWindow window = new OctaveWindow();
    private long count;
    private int lowest = Integer.MAX_VALUE;
    private int highest = Integer.MIN_VALUE;

    /** An empty histogram. */
    public OctaveHistogram() {}

    /** Adds a block of finite values. */
    void add(ValueBlock block) {
        window.add(block);
        count += block.length;
        extend(block.lowest, block.highest);
    }

    /**
     * Adds a block of finite values, of which only one in {@code step} is looked at, for all of
     * these; and the smallest and the largest.
     *
     * @param position where the block lies in its tensor
     */
    void addThinned(ValueBlock block, int step, long position) {
        if (block.length < 2 * step) {
            add(block);
            return;
        }
        int kept = block.thin(0, block.length, step, position, block.lowest, block.highest);
        window.addThinned(block, kept, step);
        count += block.length;
        extend(block.lowest, block.highest);
    }

    /** Adds all that the other histogram holds; it stays as it is. */
    public void merge(OctaveHistogram other) {
        count = Math.addExact(count, other.count);
        window.merge(other.window);
        extend(other.lowest, other.highest);
    }

    private void extend(int low, int high) {
        lowest = Math.min(lowest, low);
        highest = Math.max(highest, high);
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public long zeros() {
        return window.zeros();
    }

    @Override
    public float minimum() {
        return count == 0 ? Float.POSITIVE_INFINITY : SortableBits.value(lowest);
    }

    @Override
    public float maximum() {
        return count == 0 ? Float.NEGATIVE_INFINITY : SortableBits.value(highest);
    }

    /**
     * Mean of the values, each taken as the middle of its bin: off by at most {@code 1/512} of the
     * mean magnitude. NaN without values.
     */
    public double mean() {
        return moment(1);
    }

    /**
     * Mean of the squared values, each taken as the middle of its bin: off by at most {@code 1/255}
     * of itself. NaN without values.
     */
    public double meanSquare() {
        return moment(2);
    }

    private double moment(int power) {
        Pieces pieces = pieces();
        double sum = 0;
        for (int i = 0; i < pieces.size(); i++) {
            double middle = (pieces.lower(i) + pieces.upper(i)) / 2;
            sum += pieces.count(i) * (power == 1 ? middle : middle * middle);
        }
        return sum / count;
    }

    @Override
    public Pieces pieces() {
        Pieces.Builder builder = new Pieces.Builder(minimum(), maximum());
        for (int exponent = window.end() - 1; exponent >= window.first(); exponent--) {
            for (int bin = OctaveWindow.BINS - 1; bin >= 0; bin--) {
                long values = window.count(true, exponent, bin);
                if (values > 0) {
                    builder.add(-edge(exponent, bin + 1), -edge(exponent, bin), values);
                }
            }
        }
        for (int exponent = window.first(); exponent < window.end(); exponent++) {
            for (int bin = 0; bin < OctaveWindow.BINS; bin++) {
                long values = window.count(false, exponent, bin);
                if (values > 0) {
                    builder.add(edge(exponent, bin), edge(exponent, bin + 1), values);
                }
            }
        }
        return builder.build();
    }

    /** Smallest magnitude of a bin. */
    private static double edge(int exponent, int bin) {
        return Math.scalb(
                (double) (OctaveWindow.BINS + bin), exponent - Float.MAX_EXPONENT - PRECISION);
    }

    /**
     * Values that say "never" rather than how much, as attention masks have them before a softmax.
     *
     * @param count how many
     * @param highest the largest of them, or the end of its bin that is closer to zero
     */
    public record Mask(long count, float highest) {}

    /**
     * The values that are probably a mask: at most -512, at least 5 octaves (32 times) away from
     * all other values, of which there is at least one. Levels that reach so far would leave next
     * to none for the others.
     */
    public Optional<Mask> mask() {
        int cut = maskFrom();
        if (cut == window.end()) {
            return Optional.empty();
        }
        long masked = 0;
        double highestMasked = Double.NEGATIVE_INFINITY;
        for (int exponent = cut; exponent < window.end(); exponent++) {
            for (int bin = 0; bin < OctaveWindow.BINS; bin++) {
                long here = window.count(true, exponent, bin);
                masked += here;
                if (here > 0) {
                    highestMasked = Math.max(highestMasked, -edge(exponent, bin));
                }
            }
        }
        return Optional.of(new Mask(masked, (float) Math.max(highestMasked, minimum())));
    }

    /**
     * The values that are not part of the {@link #mask()}; a copy. Its minimum is known to within a
     * bin: it is the end that is further from zero.
     */
    public OctaveHistogram withoutMask() {
        int cut = maskFrom();
        OctaveHistogram rest = new OctaveHistogram();
        if (cut == window.end()) {
            rest.merge(this);
            return rest;
        }
        rest.addZeros(zeros());
        for (int exponent = window.first(); exponent < cut; exponent++) {
            for (int bin = 0; bin < OctaveWindow.BINS; bin++) {
                rest.addBin(true, exponent, bin, window.count(true, exponent, bin));
                rest.addBin(false, exponent, bin, window.count(false, exponent, bin));
            }
        }
        // What is left of the largest value is known exactly.
        rest.highest = Math.min(rest.highest, highest);
        return rest;
    }

    /**
     * The histogram of the same values, each cut to a range, exactly as if they had been added so.
     * The bin of a value that is cut follows from the value's bin: it is the same one, or that of a
     * limit.
     *
     * @param low lower limit, may be negative infinity
     * @param high upper limit, may be infinity
     */
    public OctaveHistogram clamped(float low, float high) {
        if (!(low <= high)) {
            throw new IllegalArgumentException(
                    "limits in order are needed, got %s and %s".formatted(low, high));
        }
        OctaveHistogram cut = new OctaveHistogram();
        cut.addNear(Math.clamp(0f, low, high), zeros());
        for (int exponent = window.first(); exponent < window.end(); exponent++) {
            for (int bin = 0; bin < OctaveWindow.BINS; bin++) {
                float inner = (float) edge(exponent, bin);
                long positive = window.count(false, exponent, bin);
                long negative = window.count(true, exponent, bin);
                if ((positive | negative) > 0) {
                    cut.addNear(Math.clamp(inner, low, high), positive);
                    cut.addNear(Math.clamp(-inner, low, high), negative);
                }
            }
        }
        if (count > 0) {
            cut.setRange(Math.clamp(minimum(), low, high), Math.clamp(maximum(), low, high));
        }
        return cut;
    }

    private void addNear(float value, long values) {
        int bits = Float.floatToRawIntBits(value);
        int magnitude = bits & Integer.MAX_VALUE;
        if (magnitude < ValueBlock.TINY) {
            addZeros(values);
        } else {
            int bin = (magnitude >>> OctaveWindow.SHIFT) & (OctaveWindow.BINS - 1);
            addBin(bits < 0, magnitude >>> 23, bin, values);
        }
    }

    /** Exponent from which on all values are of the mask; the window's end if there is none. */
    private int maskFrom() {
        int end = window.end();
        int top = end - 1;
        int least = MASK_EXPONENT + Float.MAX_EXPONENT;
        if (top < least || anyPositive(top)) {
            return end;
        }
        int from = top;
        int gap = 0;
        for (int exponent = top; exponent >= window.first(); exponent--) {
            if (!window.holdsValues(exponent)) {
                gap++;
            } else if (gap >= MASK_GAP) {
                return from;
            } else if (exponent < least || anyPositive(exponent)) {
                return end;
            } else {
                from = exponent;
                gap = 0;
            }
        }
        return zeros() > 0 ? from : end;
    }

    private boolean anyPositive(int exponent) {
        for (int bin = 0; bin < OctaveWindow.BINS; bin++) {
            if (window.count(false, exponent, bin) > 0) {
                return true;
            }
        }
        return false;
    }

    OctaveWindow window() {
        return window;
    }

    /** Sets the range, of which the bins know less. */
    void setRange(float minimum, float maximum) {
        lowest = SortableBits.of(Float.floatToRawIntBits(minimum));
        highest = SortableBits.of(Float.floatToRawIntBits(maximum));
    }

    /** Adds zeros. */
    void addZeros(long zeros) {
        if (zeros > 0) {
            window.addZeros(zeros);
            count = Math.addExact(count, zeros);
            extend(0, 0);
        }
    }

    /** Adds to a bin; the range grows to the outer end of it. */
    void addBin(boolean negative, int exponent, int bin, long values) {
        if (values > 0) {
            window.add(negative, exponent, bin, values);
            count = Math.addExact(count, values);
            extend(negative, exponent, bin);
        }
    }

    /** Adds to adjacent bins, from the first one of an octave on; the range grows as by one bin. */
    void addBins(boolean negative, int exponent, long[] values) {
        int least = -1;
        int most = -1;
        for (int i = 0; i < values.length; i++) {
            if (values[i] > 0) {
                least = least < 0 ? i : least;
                most = i;
                count = Math.addExact(count, values[i]);
            }
        }
        if (least >= 0) {
            window.add(negative, exponent, values);
            extend(negative, exponent, least);
            extend(negative, exponent, most);
        }
    }

    /** Extends the range to the outer end of a bin. */
    private void extend(boolean negative, int exponent, int bin) {
        int inner = ((exponent << PRECISION) + bin) << OctaveWindow.SHIFT;
        int outer = inner + (1 << OctaveWindow.SHIFT) - 1;
        int sign = negative ? Integer.MIN_VALUE : 0;
        int low = SortableBits.of((negative ? outer : inner) | sign);
        int high = SortableBits.of((negative ? inner : outer) | sign);
        extend(low, high);
    }
}
