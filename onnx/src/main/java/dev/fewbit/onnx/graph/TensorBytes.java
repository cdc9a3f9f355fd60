package dev.fewbit.onnx.graph;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.StandardOpenOption;

/** Finds the little-endian raw bytes of a tensor, whatever form it has in its file. */
final class TensorBytes {
    private TensorBytes() {}

    /** The raw bytes as they are stored, or decoded into memory where they are varints. */
    static StoredBytes raw(Tensor tensor) throws IOException {
        if (tensor.elementType() == ElementType.STRING) {
            throw new IllegalStateException("Strings have no raw bytes: " + tensor);
        }
        return switch (tensor.data()) {
            case StoredBytes stored -> stored;
            case TypedField field -> field.isRaw() ? field.encoded() : decode(tensor, field);
            case Pending _ ->
                    throw new IllegalStateException(
                            "The bytes of "
                                    + tensor
                                    + " only come into being while the model is written");
        };
    }

    static MemorySegment map(Tensor tensor, Arena arena) throws IOException {
        return map(raw(tensor), arena);
    }

    static FileChannel open(FileRegion region) throws IOException {
        FileChannel channel = FileChannel.open(region.file(), StandardOpenOption.READ);
        try {
            long size = channel.size();
            if (region.offset() + region.byteSize() > size) {
                throw endedEarly(region, size);
            }
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    static IOException endedEarly(FileRegion region, long size) {
        return new IOException(
                "The file "
                        + region.file()
                        + " has become shorter while it was in use: expected "
                        + region.byteSize()
                        + " bytes at "
                        + region.offset()
                        + ", but it ends at "
                        + size
                        + ". Leave model files alone until the work is done, then try again");
    }

    private static MemorySegment map(StoredBytes bytes, Arena arena) throws IOException {
        return switch (bytes) {
            case InlineBytes inline -> inline.segment();
            case FileRegion region -> {
                try (FileChannel channel = open(region)) {
                    yield channel.map(MapMode.READ_ONLY, region.offset(), region.byteSize(), arena);
                }
            }
        };
    }

    private static InlineBytes decode(Tensor tensor, TypedField field) throws IOException {
        if (field.byteSize() > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException(
                    tensor
                            + " is stored as "
                            + field.kind()
                            + " and too large to decode; store it as raw_data");
        }
        byte[] raw = new byte[(int) field.byteSize()];
        int width = Math.max(1, tensor.elementType().bits() / 8);
        VarintDecoding.decode(buffer(field.encoded()), raw, width);
        return InlineBytes.of(raw);
    }

    private static ByteBuffer buffer(StoredBytes bytes) throws IOException {
        return switch (bytes) {
            case InlineBytes inline -> inline.buffer();
            case FileRegion region -> {
                try (FileChannel channel = open(region)) {
                    yield channel.map(MapMode.READ_ONLY, region.offset(), region.byteSize());
                }
            }
        };
    }
}
