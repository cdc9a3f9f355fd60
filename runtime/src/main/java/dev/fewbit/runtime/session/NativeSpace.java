package dev.fewbit.runtime.session;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A piece of native memory that grows, its content lost then. Any thread may read and write it, and
 * only one may let it grow.
 */
final class NativeSpace implements AutoCloseable {

    /** Where arrays begin: at the lines of the processor's caches. */
    private static final long ALIGNMENT = 64;

    private @Nullable Arena arena;
    private MemorySegment memory = MemorySegment.NULL;

    /** The next address that an array may begin at. */
    static long aligned(long offset) {
        return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    long capacity() {
        return memory.byteSize();
    }

    /** Makes it at least so large; memory handed out before is gone if it was not. */
    @SuppressWarnings("MustBeClosedChecker") // The arena is closed when this is, or grows again.
    void reserve(long bytes) {
        if (bytes > capacity()) {
            close();
            Arena next = Arena.ofShared();
            arena = next;
            memory = next.allocate(bytes, ALIGNMENT);
        }
    }

    /** A part of it, in native byte order. */
    ByteBuffer slice(long offset, long size) {
        return memory.asSlice(offset, size).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** Gives the memory back; it may grow again. */
    @Override
    public void close() {
        memory = MemorySegment.NULL;
        if (arena != null) {
            arena.close();
            arena = null;
        }
    }
}
