package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Decides which tensors go to an external data file, and where in it. Large tensors start at a
 * multiple of a memory page, so that a runtime can map them.
 */
final class ExternalLayout {
    /** Smaller tensors stay in the model: they are what shape inference wants to read. */
    static final long SMALLEST = 1024;

    private static final long PAGE_ALIGNED_FROM = 1 << 16;
    private static final long PAGE = 4096;
    private static final long SMALL_ALIGNMENT = 64;

    private final @Nullable String fileName;
    private final List<Entry> entries = new ArrayList<>();
    private long size;

    /** A tensor and its place in the file. */
    record Entry(Tensor tensor, long offset) {}

    private ExternalLayout(@Nullable String fileName) {
        this.fileName = fileName;
    }

    /** Everything stays in the model. */
    static ExternalLayout none() {
        return new ExternalLayout(null);
    }

    /** Tensors from {@link #SMALLEST} bytes on go to a file of this name beside the model. */
    static ExternalLayout file(String fileName) {
        return new ExternalLayout(fileName);
    }

    /** True when this tensor goes to the external file. */
    boolean takes(Tensor tensor) {
        return fileName != null
                && tensor.elementType() != ElementType.STRING
                && tensor.byteSize() >= SMALLEST;
    }

    /** Gives a tensor its place; returns the offset of its first byte. */
    long place(Tensor tensor) {
        long alignment = tensor.byteSize() >= PAGE_ALIGNED_FROM ? PAGE : SMALL_ALIGNMENT;
        long offset = Math.ceilDiv(size, alignment) * alignment;
        entries.add(new Entry(tensor, offset));
        size = Math.addExact(offset, tensor.byteSize());
        return offset;
    }

    /** The external file's name, to be written as location. */
    String location() {
        if (fileName == null) {
            throw new IllegalStateException("There is no external file in this layout");
        }
        return fileName;
    }

    /** The tensors in the file, in order. */
    List<Entry> entries() {
        return entries;
    }

    /** Size of the file in bytes. */
    long size() {
        return size;
    }
}
