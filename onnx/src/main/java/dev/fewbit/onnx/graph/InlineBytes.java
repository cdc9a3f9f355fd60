package dev.fewbit.onnx.graph;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * Bytes in memory: small tensors of a file, everything of a model that was read from memory, and
 * what passes create. Two of them are equal when their bytes are.
 */
public final class InlineBytes implements StoredBytes {
    private final byte[] array;
    private final int from;
    private final int length;

    private InlineBytes(byte[] array, int from, int length) {
        Objects.checkFromIndexSize(from, length, array.length);
        this.array = array;
        this.from = from;
        this.length = length;
    }

    /** Wraps the array without copying it; the caller gives it away. */
    public static InlineBytes of(byte[] bytes) {
        return new InlineBytes(bytes, 0, bytes.length);
    }

    /** Wraps a part of the array without copying it; the caller gives it away. */
    public static InlineBytes of(byte[] bytes, int from, int length) {
        return new InlineBytes(bytes, from, length);
    }

    @Override
    public long byteSize() {
        return length;
    }

    /** A new read-only, little-endian view of the bytes, from position 0 to their end. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(array, from, length)
                .slice()
                .asReadOnlyBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A read-only view of the bytes. */
    public MemorySegment segment() {
        return MemorySegment.ofArray(array).asSlice(from, length).asReadOnly();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InlineBytes inline
                && Arrays.equals(
                        array,
                        from,
                        from + length,
                        inline.array,
                        inline.from,
                        inline.from + inline.length);
    }

    @Override
    public int hashCode() {
        int hash = length;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + array[from + i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return "InlineBytes[" + length + " bytes]";
    }
}
