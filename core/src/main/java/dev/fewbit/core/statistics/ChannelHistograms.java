package dev.fewbit.core.statistics;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * {@link Histogram}s of {@link #BINS} bins, one for each channel, in one array and filled without
 * branches.
 *
 * <p>Bin i of a channel with width w covers {@code [(i - 128) w, (i - 127) w)}. The bin of a value
 * x is found exactly in float arithmetic: cutting the magnitude to 9 significant bits moves it
 * across no whole number below 512, the product with the power of two 1/w is exact, and so is the
 * sum with 128 except for fractions that are too small to matter; then the whole number is in the
 * first 7 bits of the sum's fraction. A negative magnitude is made smaller by one unit in the last
 * place before, so that exact multiples of w belong to the bin above.
 */
final class ChannelHistograms {

    static final int BINS = 256;

    /** Exponent of the smallest width, so that 1/w is a float. */
    static final int SMALLEST_EXPONENT = Float.MIN_EXPONENT;

    /** Exponent of the width with which every float has a bin. */
    static final int LARGEST_EXPONENT = Float.MAX_EXPONENT - 6;

    private static final int MIDDLE = BINS / 2;
    private static final int KEPT_BITS = 0xffff_8000;

    /** Where setting up vectors begins to pay. */
    private static final int LONG = 128;

    private final int channels;
    private final int[] exponents;

    /** {@code 1 / w} of each channel. */
    private final float[] perWidth;

    /** Magnitude bits from which on a value of a channel has no bin. */
    private final int[] limits;

    private final int[] counts;

    /** What the counters held when they were about to overflow; empty until then. */
    private long[] carried = new long[0];

    /** At least the largest number of values of a channel in {@link #counts}. */
    private long pending;

    ChannelHistograms(int channels) {
        this.channels = channels;
        exponents = new int[channels];
        perWidth = new float[channels];
        limits = new int[channels];
        counts = new int[channels * BINS];
        for (int channel = 0; channel < channels; channel++) {
            setExponent(channel, SMALLEST_EXPONENT);
        }
    }

    /** Counts values of one channel, all finite and such as {@link #fit} made bins for. */
    void addRun(ValueBlock block, int[] bits, int from, int length, int channel) {
        reserve(length);
        findRun(block, bits, from, length, channel);
        count(block.slots, from, from + length, 1, counts);
    }

    /**
     * Counts values of one channel by {@link ValueBlock#thin some} of them.
     *
     * @param kept how many were taken
     * @param runs how many of these stand for several values
     * @param step for how many
     */
    void addThinned(ValueBlock block, int kept, int runs, int step, int channel) {
        reserve(runs * step + kept - runs - 2);
        findRun(block, block.kept, 0, kept, channel);
        count(block.slots, 0, runs, step, counts);
        count(block.slots, runs, kept, 1, counts);
        counts[block.slots[0]] -= 2;
    }

    private void findRun(ValueBlock block, int[] bits, int from, int length, int channel) {
        int end = from + length;
        int[] slots = block.slots;
        if (length < LONG) {
            findShort(bits, slots, from, end, perWidth[channel], channel * BINS + MIDDLE);
            return;
        }
        cut(bits, slots, from, end);
        toFloats(slots, from, length, block.shifted);
        shift(block.shifted, perWidth[channel], from, end);
        toBits(block.shifted, from, length, slots);
        find(bits, slots, from, end, channel * BINS + MIDDLE);
    }

    private static void findShort(
            int[] bits, int[] slots, int from, int end, float perWidth, int middle) {
        for (int i = from; i < end; i++) {
            float shifted = Float.intBitsToFloat(cut(bits[i])) * perWidth + MIDDLE;
            int whole = (Float.floatToRawIntBits(shifted) >>> 16) & (MIDDLE - 1);
            slots[i] = middle + (whole ^ sign(bits[i]));
        }
    }

    /**
     * Counts one value of each of several channels, all finite.
     *
     * @param row the values, each at the index of its channel
     */
    void addRow(ChannelRow row, int channel, int end) {
        fitRow(row.bits, channel, end);
        reserve(1);
        cut(row.bits, row.slots, channel, end);
        toFloats(row.slots, channel, end - channel, row.shifted);
        shift(row.shifted, perWidth, channel, end);
        toBits(row.shifted, channel, end - channel, row.slots);
        findRow(row.bits, row.slots, channel, end);
        count(row.slots, channel, end, 1, counts);
    }

    // The loops are apart from each other, and the arrays of one loop have the same index where
    // they
    // have the same type: such loops become vector code. Bits are copied to be seen as floats for
    // the same reason.

    /** Magnitudes, those of negative values one unit smaller, cut to 9 significant bits. */
    private static void cut(int[] bits, int[] slots, int from, int end) {
        for (int i = from; i < end; i++) {
            slots[i] = cut(bits[i]);
        }
    }

    private static int cut(int bits) {
        return ((bits & Integer.MAX_VALUE) + sign(bits)) & KEPT_BITS;
    }

    /** -1 if the value is below zero, otherwise 0, also for a negative zero. */
    private static int sign(int bits) {
        return (bits >> 31) & ~(((bits & Integer.MAX_VALUE) - 1) >> 31);
    }

    private static void shift(float[] shifted, float[] perWidth, int from, int end) {
        for (int i = from; i < end; i++) {
            shifted[i] = shifted[i] * perWidth[i] + MIDDLE;
        }
    }

    private static void shift(float[] shifted, float perWidth, int from, int end) {
        for (int i = from; i < end; i++) {
            shifted[i] = shifted[i] * perWidth + MIDDLE;
        }
    }

    private static void toFloats(int[] bits, int from, int length, float[] floats) {
        MemorySegment.copy(
                MemorySegment.ofArray(bits),
                ValueLayout.JAVA_FLOAT,
                (long) Integer.BYTES * from,
                floats,
                from,
                length);
    }

    private static void toBits(float[] floats, int from, int length, int[] bits) {
        MemorySegment.copy(
                MemorySegment.ofArray(floats),
                ValueLayout.JAVA_INT,
                (long) Float.BYTES * from,
                bits,
                from,
                length);
    }

    private static void find(int[] bits, int[] slots, int from, int end, int middle) {
        for (int i = from; i < end; i++) {
            slots[i] = middle + (((slots[i] >>> 16) & (MIDDLE - 1)) ^ sign(bits[i]));
        }
    }

    private static void findRow(int[] bits, int[] slots, int from, int end) {
        for (int i = from; i < end; i++) {
            int bin = ((slots[i] >>> 16) & (MIDDLE - 1)) ^ sign(bits[i]);
            slots[i] = i * BINS + MIDDLE + bin;
        }
    }

    private static void count(int[] slots, int from, int end, int each, int[] counts) {
        for (int i = from; i < end; i++) {
            counts[slots[i]] += each;
        }
    }

    /** Makes bins for values of one channel between two, given as {@link SortableBits}. */
    void fit(int lowest, int highest, int channel) {
        fit(SortableBits.of(lowest), channel);
        fit(SortableBits.of(highest), channel);
    }

    private void fitRow(int[] bits, int from, int end) {
        if (excess(bits, limits, from, end) >= 0) {
            for (int channel = from; channel < end; channel++) {
                fit(bits[channel], channel);
            }
        }
    }

    private static int excess(int[] bits, int[] limits, int from, int end) {
        int excess = -1;
        for (int i = from; i < end; i++) {
            excess = Math.max(excess, (bits[i] & Integer.MAX_VALUE) - limits[i]);
        }
        return excess;
    }

    private void fit(int bits, int channel) {
        int magnitude = bits & Integer.MAX_VALUE;
        // The lowest bin includes its lower edge.
        if (magnitude > limits[channel] || (magnitude == limits[channel] && bits >= 0)) {
            // The largest magnitude is below 2^(e + 1), which is 128 times the width.
            int exponent = (magnitude >>> 23) - Float.MAX_EXPONENT - 6;
            boolean power = (magnitude & 0x7f_ffff) == 0 && bits < 0;
            widen(channel, power ? exponent - 1 : exponent);
        }
    }

    private void widen(int channel, int exponent) {
        int shift = exponent - exponents[channel];
        if (shift <= 0) {
            return;
        }
        int[] old = Arrays.copyOfRange(counts, channel * BINS, (channel + 1) * BINS);
        Arrays.fill(counts, channel * BINS, (channel + 1) * BINS, 0);
        for (int i = 0; i < BINS; i++) {
            counts[channel * BINS + merged(i, shift)] += old[i];
        }
        if (carried.length > 0) {
            long[] oldCarried = Arrays.copyOfRange(carried, channel * BINS, (channel + 1) * BINS);
            Arrays.fill(carried, channel * BINS, (channel + 1) * BINS, 0);
            for (int i = 0; i < BINS; i++) {
                carried[channel * BINS + merged(i, shift)] += oldCarried[i];
            }
        }
        setExponent(channel, exponent);
    }

    private static int merged(int bin, int doublings) {
        return ((bin - MIDDLE) >> Math.min(doublings, Integer.SIZE - 1)) + MIDDLE;
    }

    private void setExponent(int channel, int exponent) {
        exponents[channel] = exponent;
        perWidth[channel] = Math.scalb(1f, -exponent);
        limits[channel] = Float.floatToRawIntBits(Math.scalb(1f, exponent + 7));
    }

    void merge(ChannelHistograms other) {
        carry();
        for (int channel = 0; channel < channels; channel++) {
            widen(channel, other.exponents[channel]);
            int shift = exponents[channel] - other.exponents[channel];
            for (int i = 0; i < BINS; i++) {
                carried[channel * BINS + merged(i, shift)] += other.at(channel * BINS + i);
            }
        }
    }

    int exponent(int channel) {
        return exponents[channel];
    }

    long[] counts(int channel) {
        long[] of = new long[BINS];
        for (int i = 0; i < BINS; i++) {
            of[i] = at(channel * BINS + i);
        }
        return of;
    }

    void set(int channel, int exponent, long[] values) {
        setExponent(channel, exponent);
        long largest = Arrays.stream(values).max().orElse(0);
        if (largest > Integer.MAX_VALUE - pending) {
            carry();
            System.arraycopy(values, 0, carried, channel * BINS, BINS);
        } else {
            reserve((int) largest);
            for (int i = 0; i < BINS; i++) {
                counts[channel * BINS + i] = (int) values[i];
            }
        }
    }

    private long at(int slot) {
        return carried.length == 0 ? counts[slot] : counts[slot] + carried[slot];
    }

    private void reserve(int values) {
        if (pending + values > Integer.MAX_VALUE) {
            carry();
        }
        pending += values;
    }

    private void carry() {
        if (carried.length == 0) {
            carried = new long[counts.length];
        }
        if (pending > 0) {
            for (int i = 0; i < counts.length; i++) {
                carried[i] += counts[i];
            }
            Arrays.fill(counts, 0);
            pending = 0;
        }
    }
}
