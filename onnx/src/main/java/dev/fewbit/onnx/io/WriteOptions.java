package dev.fewbit.onnx.io;

import java.util.Objects;

/**
 * How a model is written. The bytes do not depend on the number of threads.
 *
 * @param threads threads that fill in tensors, at least 1
 * @param mostEmbeddedBytes a model file of more than this many bytes keeps its large tensors in an
 *     external data file beside it; below 2 GiB, the most that an ONNX file can have
 * @param listener hears about progress
 */
public record WriteOptions(int threads, long mostEmbeddedBytes, WriteListener listener) {
    /** The default of {@link #mostEmbeddedBytes}: 1 GiB. */
    public static final long DEFAULT_MOST_EMBEDDED_BYTES = 1L << 30;

    public WriteOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("Expected at least one thread, got " + threads);
        }
        if (mostEmbeddedBytes < 0 || mostEmbeddedBytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "Expected a limit for embedded tensors from 0 to "
                            + Integer.MAX_VALUE
                            + " bytes, got "
                            + mostEmbeddedBytes);
        }
        Objects.requireNonNull(listener, "listener");
    }

    /** One thread per processor, tensors in the model's file up to 1 GiB, no listener. */
    public static WriteOptions defaults() {
        return new WriteOptions(
                Runtime.getRuntime().availableProcessors(),
                DEFAULT_MOST_EMBEDDED_BYTES,
                WriteListener.NONE);
    }

    /** The same with another number of threads. */
    public WriteOptions withThreads(int newThreads) {
        return new WriteOptions(newThreads, mostEmbeddedBytes, listener);
    }

    /** The same with another limit; 0 keeps all large tensors in an external data file. */
    public WriteOptions withMostEmbeddedBytes(long newLimit) {
        return new WriteOptions(threads, newLimit, listener);
    }

    /** The same with another listener. */
    public WriteOptions withListener(WriteListener newListener) {
        return new WriteOptions(threads, mostEmbeddedBytes, newListener);
    }
}
