package dev.fewbit.onnx.graph;

import java.util.Objects;

/**
 * Bytes that come into being while the model is written, so that a large result never has to exist
 * in memory. Only the size is known before. Two pending tensors are the same only when they are the
 * same object.
 */
public final class Pending implements TensorData {
    private final long byteSize;
    private final TensorFiller filler;

    /**
     * @param byteSize size in {@code raw_data} form
     * @param filler produces the bytes; one filler may own several pending tensors and is run once
     *     for all of them
     */
    public Pending(long byteSize, TensorFiller filler) {
        if (byteSize < 0) {
            throw new IllegalArgumentException("A size cannot be negative: " + byteSize);
        }
        this.byteSize = byteSize;
        this.filler = Objects.requireNonNull(filler, "filler");
    }

    @Override
    public long byteSize() {
        return byteSize;
    }

    /** What produces the bytes. */
    public TensorFiller filler() {
        return filler;
    }

    @Override
    public String toString() {
        return "Pending[" + byteSize + " bytes]";
    }
}
