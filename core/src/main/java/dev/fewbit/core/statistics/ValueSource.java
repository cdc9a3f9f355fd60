package dev.fewbit.core.statistics;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * Values in an array or a buffer, of either byte order.
 *
 * @param segment the floats
 * @param from index of the first
 * @param length how many
 */
record ValueSource(MemorySegment segment, ByteOrder order, int from, int length) {

    static ValueSource of(float[] values, int from, int length) {
        Objects.checkFromIndexSize(from, length, values.length);
        return new ValueSource(
                MemorySegment.ofArray(values), ByteOrder.nativeOrder(), from, length);
    }

    static ValueSource of(FloatBuffer values) {
        return new ValueSource(
                MemorySegment.ofBuffer(values), values.order(), 0, values.remaining());
    }

    void load(int at, int count, ValueBlock into) {
        into.load(segment, order, (long) from + at, count);
    }
}
