package dev.fewbit.core.statistics;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A block of float values as their bits, small enough for the first-level cache, and the loops over
 * it. They are integer arithmetic without branches, which the compiler turns into vector code by
 * itself.
 *
 * <p>One for each thread; see {@link #ofThread()}.
 */
final class ValueBlock {

    /** Most values of a block. */
    static final int SIZE = 4096;

    /** Smallest number of values that one of them may stand for. */
    static final int LEAST_STEP = 4;

    /** Largest number of values that one of them may stand for. */
    static final int MOST_STEP = 16;

    /** Golden ratio times 2^32: places that are multiples of it are spread evenly. */
    private static final int SPREAD = 0x9e37_79b9;

    /** Bits of the smallest normal number. Anything smaller counts as zero. */
    static final int TINY = 0x0080_0000;

    private static final int INFINITY = 0x7f80_0000;

    private static final ThreadLocal<ValueBlock> BLOCKS = ThreadLocal.withInitial(ValueBlock::new);

    final int[] bits = new int[SIZE];
    final float[] values = new float[SIZE];
    final int[] slots = new int[SIZE];

    /** Room to work. */
    final float[] shifted = new float[SIZE];

    /** A part of the values that stands for all: see {@link #thin}. */
    final int[] kept = new int[SIZE / LEAST_STEP + MOST_STEP + 2];

    /** For partial sums. */
    final double[] lanes = new double[RunSums.LANES];

    int length;

    /** {@link SortableBits} of the smallest and the largest value. */
    int lowest;

    int highest;

    private ValueBlock() {}

    static ValueBlock ofThread() {
        return BLOCKS.get();
    }

    /**
     * Takes values and measures their range.
     *
     * @param from index of the first value in the segment
     */
    void load(MemorySegment source, ByteOrder order, long from, int count) {
        MemorySegment.copy(
                source,
                ValueLayout.JAVA_INT_UNALIGNED.withOrder(order),
                Float.BYTES * from,
                bits,
                0,
                count);
        length = count;
        measure();
    }

    /** Fills {@link #values}. */
    void makeValues() {
        MemorySegment.copy(
                MemorySegment.ofArray(bits), ValueLayout.JAVA_FLOAT, 0, values, 0, length);
    }

    boolean allFinite() {
        return highest < INFINITY && lowest > SortableBits.of(INFINITY | Integer.MIN_VALUE);
    }

    /**
     * Removes what is NaN or infinite.
     *
     * @return how many those were
     */
    int keepFinite() {
        int kept = 0;
        for (int i = 0; i < length; i++) {
            if (isFinite(bits[i])) {
                bits[kept++] = bits[i];
            }
        }
        int removed = length - kept;
        length = kept;
        measure();
        return removed;
    }

    static boolean isFinite(int bits) {
        return (bits & Integer.MAX_VALUE) < INFINITY;
    }

    private void measure() {
        int low = Integer.MAX_VALUE;
        int high = Integer.MIN_VALUE;
        for (int i = 0; i < length; i++) {
            int key = SortableBits.of(bits[i]);
            low = Math.min(low, key);
            high = Math.max(high, key);
        }
        lowest = low;
        highest = high;
    }

    /**
     * Takes one of each {@code step} values into {@link #kept}: a run of so many is represented by
     * the one at a place that differs from run to run, so that no column of a picture and no
     * channel is preferred. Behind these come the values that are left over, and the smallest and
     * the largest one of all.
     *
     * <p>Where the smallest or the largest is met for the first time, its neighbour is taken: it is
     * counted anyway, and often so much larger than all others that counting it 16 times would
     * spoil what follows from the counts.
     *
     * <p>To be counted, the first {@code length / step} stand for {@code step} values each, the
     * very first for two less, and all others for themselves.
     *
     * @param length at least {@code 2 * step}
     * @param step a power of two from {@link #LEAST_STEP} to {@link #MOST_STEP}
     * @param position where the values lie in their tensor
     * @param low {@link SortableBits} of the smallest of the values
     * @param high of the largest
     * @return how many were taken
     */
    int thin(int from, int length, int step, long position, int low, int high) {
        int runs = length / step;
        int shift = Integer.numberOfLeadingZeros(step) + 1;
        int place = (int) (position / step) * SPREAD;
        int smallest = SortableBits.of(low);
        int largest = SortableBits.of(high);
        boolean metSmallest = false;
        boolean metLargest = false;
        for (int run = 0; run < runs; run++) {
            int at = place >>> shift;
            int value = bits[from + run * step + at];
            if ((value == smallest && !metSmallest) || (value == largest && !metLargest)) {
                metSmallest |= value == smallest;
                metLargest |= value == largest;
                value = bits[from + run * step + (at ^ 1)];
            }
            kept[run] = value;
            place += SPREAD;
        }
        int count = runs;
        for (int i = from + runs * step; i < from + length; i++) {
            kept[count++] = bits[i];
        }
        kept[count++] = smallest;
        kept[count++] = largest;
        return count;
    }

    /** Bits of the smallest magnitude that is not tiny; means nothing when all are. */
    static int leastMagnitude(int[] bits, int length) {
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < length; i++) {
            // What is tiny becomes negative, and by losing its sign larger than all others.
            least = Math.min(least, ((bits[i] & Integer.MAX_VALUE) - TINY) & Integer.MAX_VALUE);
        }
        return least + TINY;
    }
}
