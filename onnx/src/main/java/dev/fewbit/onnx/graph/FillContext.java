package dev.fewbit.onnx.graph;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What a {@link TensorFiller} writes to. All methods may be called from any thread during {@code
 * fill}.
 */
public interface FillContext {

    /** Part of the work of {@link #parallel}. */
    @FunctionalInterface
    interface Task {
        void run(int index) throws IOException;
    }

    /** Writes the remaining bytes of the buffer at a byte offset of a pending tensor. */
    void write(Pending tensor, long byteOffset, ByteBuffer bytes) throws IOException;

    /**
     * Writes {@code length} bytes of an array, starting at {@code from}, at a byte offset of a
     * pending tensor.
     */
    default void write(Pending tensor, long byteOffset, byte[] bytes, int from, int length)
            throws IOException {
        write(tensor, byteOffset, ByteBuffer.wrap(bytes, from, length));
    }

    /**
     * Runs {@code task} for every index from 0 to {@code tasks - 1} on the writer's threads and
     * returns when all are done. Indices are started in order; at most as many run at a time as the
     * writer has threads. While it waits, the calling thread works on these tasks only, so a
     * filler's buffers are bounded by the number of threads.
     *
     * @throws IOException the first failure; tasks not yet started are then left out
     */
    void parallel(int tasks, Task task) throws IOException;
}
