package dev.fewbit.onnx.graph;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Objects;

/**
 * Reads pieces of one tensor. Safe for use by several threads at a time. Files are read by position
 * into a small buffer per thread instead of being mapped, so that the memory in use does not grow
 * with the tensor.
 */
public final class TensorReader implements AutoCloseable {
    private static final int SCRATCH_BYTES = 1 << 18;
    private static final ThreadLocal<ByteBuffer> SCRATCH =
            ThreadLocal.withInitial(
                    () -> ByteBuffer.allocateDirect(SCRATCH_BYTES).order(ByteOrder.LITTLE_ENDIAN));

    private final ElementType elementType;
    private final StoredBytes bytes;
    private final @Nullable FileChannel channel;

    private TensorReader(
            ElementType elementType, StoredBytes bytes, @Nullable FileChannel channel) {
        this.elementType = elementType;
        this.bytes = bytes;
        this.channel = channel;
    }

    static TensorReader open(Tensor tensor) throws IOException {
        StoredBytes raw = TensorBytes.raw(tensor);
        return switch (raw) {
            case InlineBytes _ -> new TensorReader(tensor.elementType(), raw, null);
            case FileRegion region ->
                    new TensorReader(tensor.elementType(), raw, TensorBytes.open(region));
        };
    }

    /**
     * Reads elements of a float, float16, bfloat16 or double tensor as floats.
     *
     * @param firstElement index of the first element, counted through the whole tensor
     * @throws IllegalStateException when the tensor has another type
     */
    public void readFloats(long firstElement, float[] target, int from, int count)
            throws IOException {
        Objects.checkFromIndexSize(from, count, target.length);
        ElementDecoding.requireFloats(elementType);
        int width = elementType.bits() / 8;
        Objects.checkFromIndexSize(firstElement, count, bytes.byteSize() / width);
        switch (bytes) {
            case InlineBytes inline ->
                    ElementDecoding.floats(
                            elementType,
                            inline.buffer().position((int) (firstElement * width)),
                            target,
                            from,
                            count);
            case FileRegion region -> {
                ByteBuffer scratch = SCRATCH.get();
                int step = SCRATCH_BYTES / width;
                for (int done = 0; done < count; done += step) {
                    int now = Math.min(step, count - done);
                    fill(region, (firstElement + done) * width, scratch.clear().limit(now * width));
                    ElementDecoding.floats(elementType, scratch.flip(), target, from + done, now);
                }
            }
        }
    }

    /** Reads raw bytes. */
    public void readBytes(long byteOffset, byte[] target, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, target.length);
        Objects.checkFromIndexSize(byteOffset, length, bytes.byteSize());
        switch (bytes) {
            case InlineBytes inline -> inline.buffer().get((int) byteOffset, target, from, length);
            case FileRegion region -> {
                ByteBuffer scratch = SCRATCH.get();
                for (int done = 0; done < length; done += SCRATCH_BYTES) {
                    int now = Math.min(SCRATCH_BYTES, length - done);
                    fill(region, byteOffset + done, scratch.clear().limit(now));
                    scratch.flip().get(target, from + done, now);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    private void fill(FileRegion region, long offset, ByteBuffer buffer) throws IOException {
        FileChannel open = Objects.requireNonNull(channel, "channel");
        while (buffer.hasRemaining()) {
            if (open.read(buffer, region.offset() + offset + buffer.position()) < 0) {
                throw TensorBytes.endedEarly(region, open.size());
            }
        }
    }
}
