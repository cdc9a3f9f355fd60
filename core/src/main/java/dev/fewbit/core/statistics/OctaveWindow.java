package dev.fewbit.core.statistics;

import java.util.Arrays;

/**
 * The counters of {@link OctaveHistogram}: those of the octaves from the smallest to the largest
 * that was seen, and of either sign if both were.
 *
 * <p>A slot is an index of a counter. The first {@link #LANES} slots all count zeros: values that
 * follow each other go to different ones, because the processor waits for a counter that it has
 * just written (half of the values behind a ReLU are zeros). Then come the bins of positive values,
 * ascending, and at a distance of {@code negativeOffset} those of their negatives.
 */
final class OctaveWindow {

    /** Slots for zeros, a power of two. */
    static final int LANES = 16;

    /** Bits of a float that are not part of a bin's number. */
    static final int SHIFT = 23 - OctaveHistogram.PRECISION;

    /** Bins of an octave. */
    static final int BINS = 1 << OctaveHistogram.PRECISION;

    private int[] counts = new int[LANES];

    /** What the counters held when they were about to overflow; empty until then. */
    private long[] carried = new long[0];

    private long pending;

    /** Biased exponents of the first octave and of the one after the last. */
    private int first;

    private int end;
    private int negativeOffset;

    /** Counts a block, whose values are finite. */
    void add(ValueBlock block) {
        if (block.length == 0) {
            return;
        }
        find(block, block.bits, block.length);
        count(block.slots, 0, block.length, 1, counts);
    }

    /**
     * Counts a block, whose values are finite, by {@link ValueBlock#thin some} of them.
     *
     * @param kept how many were taken
     * @param step how many values each of the first ones stands for
     */
    void addThinned(ValueBlock block, int kept, int step) {
        find(block, block.kept, kept);
        int runs = block.length / step;
        count(block.slots, 0, runs, step, counts);
        count(block.slots, runs, kept, 1, counts);
        counts[block.slots[0]] -= 2;
    }

    /** Makes room for a block and finds the slots of some of its values. */
    private void find(ValueBlock block, int[] bits, int length) {
        int low = SortableBits.of(block.lowest);
        int lowMagnitude = low & Integer.MAX_VALUE;
        int highMagnitude = SortableBits.of(block.highest) & Integer.MAX_VALUE;
        int largest = Math.max(lowMagnitude, highMagnitude);
        if (largest >= ValueBlock.TINY) {
            boolean negative = low < 0 && lowMagnitude >= ValueBlock.TINY;
            int least = ValueBlock.leastMagnitude(bits, length);
            cover(least >>> 23, (largest >>> 23) + 1, negative);
        }
        reserve(block.length);
        findSlots(bits, block.slots, length, slotOfZero(), negativeOffset);
    }

    /** Slot of the bits 0 if it were not for its being zero; bins count from there. */
    private int slotOfZero() {
        return LANES - first * BINS;
    }

    private static void findSlots(
            int[] bits, int[] slots, int length, int slotOfZero, int negativeOffset) {
        for (int i = 0; i < length; i++) {
            int value = bits[i];
            int magnitude = value & Integer.MAX_VALUE;
            int tiny = (magnitude - ValueBlock.TINY) >> 31;
            int slot = (magnitude >>> SHIFT) + slotOfZero + ((value >> 31) & negativeOffset);
            slots[i] = (tiny & i & (LANES - 1)) | (~tiny & slot);
        }
    }

    private static void count(int[] slots, int from, int end, int each, int[] counts) {
        for (int i = from; i < end; i++) {
            counts[slots[i]] += each;
        }
    }

    /** Adds to a bin, of an octave that may be new. */
    void add(boolean negative, int exponent, int bin, long count) {
        cover(exponent, exponent + 1, negative);
        carry();
        carried[slot(negative, exponent, bin)] += count;
    }

    /** Adds to adjacent bins of whole octaves, which may be new. */
    void add(boolean negative, int exponent, long[] values) {
        cover(exponent, exponent + values.length / BINS, negative);
        carry();
        int at = slot(negative, exponent, 0);
        for (int i = 0; i < values.length; i++) {
            carried[at + i] += values[i];
        }
    }

    /** Adds to the zeros. */
    void addZeros(long count) {
        carry();
        carried[0] += count;
    }

    /** Adds all counts of the other window. */
    void merge(OctaveWindow other) {
        if (other.first < other.end) {
            cover(other.first, other.end, other.negativeOffset > 0);
        }
        carry();
        for (int lane = 0; lane < LANES; lane++) {
            carried[lane] += other.at(lane);
        }
        for (int exponent = other.first; exponent < other.end; exponent++) {
            for (int bin = 0; bin < BINS; bin++) {
                carried[slot(false, exponent, bin)] += other.count(false, exponent, bin);
                if (other.negativeOffset > 0) {
                    carried[slot(true, exponent, bin)] += other.count(true, exponent, bin);
                }
            }
        }
    }

    /** Biased exponent of the first octave. */
    int first() {
        return first;
    }

    /** Biased exponent after that of the last octave. */
    int end() {
        return end;
    }

    long zeros() {
        long zeros = 0;
        for (int lane = 0; lane < LANES; lane++) {
            zeros += at(lane);
        }
        return zeros;
    }

    /** Count of a bin, of any octave. */
    long count(boolean negative, int exponent, int bin) {
        if (exponent < first || exponent >= end || (negative && negativeOffset == 0)) {
            return 0;
        }
        return at(slot(negative, exponent, bin));
    }

    private long at(int slot) {
        return carried.length == 0 ? counts[slot] : counts[slot] + carried[slot];
    }

    private int slot(boolean negative, int exponent, int bin) {
        return LANES + (exponent - first) * BINS + bin + (negative ? negativeOffset : 0);
    }

    /** Makes sure that no counter overflows when so many values are added. */
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

    /** Whether there are no octaves, or the first and the last hold values. */
    boolean isTight() {
        return first == end || (holdsValues(first) && holdsValues(end - 1));
    }

    /** Whether an octave holds values of any sign. */
    boolean holdsValues(int exponent) {
        for (int bin = 0; bin < BINS; bin++) {
            if (count(false, exponent, bin) > 0 || count(true, exponent, bin) > 0) {
                return true;
            }
        }
        return false;
    }

    /** Makes room for the octaves from one exponent to below another, if there are any. */
    void cover(int from, int to, boolean negative) {
        if (from == to) {
            return;
        }
        boolean both = negative || negativeOffset > 0;
        if (first == end) {
            allocate(from, to, both);
        } else if (from < first || to > end || both != negativeOffset > 0) {
            allocate(Math.min(from, first), Math.max(to, end), both);
        }
    }

    private void allocate(int from, int to, boolean negative) {
        int half = (to - from) * BINS;
        int length = LANES + (negative ? 2 * half : half);
        int[] newCounts = new int[length];
        long[] newCarried = new long[carried.length == 0 ? 0 : length];
        System.arraycopy(counts, 0, newCounts, 0, LANES);
        if (carried.length > 0) {
            System.arraycopy(carried, 0, newCarried, 0, LANES);
        }
        int held = (end - first) * BINS;
        int at = LANES + (first - from) * BINS;
        if (held > 0) {
            move(LANES, at, held, newCounts, newCarried);
            if (negativeOffset > 0) {
                move(LANES + negativeOffset, at + half, held, newCounts, newCarried);
            }
        }
        counts = newCounts;
        carried = newCarried;
        first = from;
        end = to;
        negativeOffset = negative ? half : 0;
    }

    private void move(int from, int to, int length, int[] newCounts, long[] newCarried) {
        System.arraycopy(counts, from, newCounts, to, length);
        if (carried.length > 0) {
            System.arraycopy(carried, from, newCarried, to, length);
        }
    }
}
