package dev.fewbit.onnx.graph;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Bytes in memory: small tensors of a file, everything of a model that was read from memory, and
 * what passes create.
 *
 * @param bytes read-only view of the bytes; the owner must not change them
 */
public record InlineBytes(MemorySegment bytes) implements StoredBytes {
    public InlineBytes {
        Objects.requireNonNull(bytes, "bytes");
        bytes = bytes.asReadOnly();
    }

    /** Wraps the array without copying it; the caller gives it away. */
    public static InlineBytes of(byte[] bytes) {
        return new InlineBytes(MemorySegment.ofArray(bytes));
    }

    /** Wraps a part of the array without copying it; the caller gives it away. */
    public static InlineBytes of(byte[] bytes, int from, int length) {
        return new InlineBytes(MemorySegment.ofArray(bytes).asSlice(from, length));
    }

    @Override
    public long byteSize() {
        return bytes.byteSize();
    }

    /** Two of them are equal when their bytes are. */
    @Override
    public boolean equals(Object other) {
        return other instanceof InlineBytes inline && bytes.mismatch(inline.bytes) == -1;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(bytes.byteSize());
    }

    @Override
    public String toString() {
        return "InlineBytes[" + byteSize() + " bytes]";
    }
}
