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

    /** Bits of the smallest normal number. Anything smaller counts as zero. */
    static final int TINY = 0x0080_0000;

    private static final int INFINITY = 0x7f80_0000;

    private static final ThreadLocal<ValueBlock> BLOCKS = ThreadLocal.withInitial(ValueBlock::new);

    final int[] bits = new int[SIZE];
    final float[] values = new float[SIZE];
    final int[] slots = new int[SIZE];

    /** For partial sums. */
    final double[] lanes = new double[RunSums.LANES];

    int length;

    /** {@link SortableBits} of the smallest and the largest value. */
    int lowest;

    int highest;

    /** Bits of the smallest magnitude that is not tiny; means nothing when all are. */
    int leastMagnitude;

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
        leastMagnitude = leastMagnitude(bits, length);
    }

    private static int leastMagnitude(int[] bits, int length) {
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < length; i++) {
            // What is tiny becomes negative, and by losing its sign larger than all others.
            least = Math.min(least, ((bits[i] & Integer.MAX_VALUE) - TINY) & Integer.MAX_VALUE);
        }
        return least + TINY;
    }
}
