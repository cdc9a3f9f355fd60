package dev.fewbit.onnx.graph;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Decodes the packed varints of {@code int32_data}, {@code int64_data} and {@code uint64_data} into
 * little-endian numbers (<a
 * href="https://protobuf.dev/programming-guides/encoding/#varints">Protocol Buffers encoding</a>).
 * Each varint holds one element, or one byte of packed 4-bit or 2-bit elements.
 */
final class VarintDecoding {
    private VarintDecoding() {}

    /**
     * Decodes all varints, keeping the low {@code width} bytes of each; their number must fill
     * {@code raw} exactly.
     */
    static void decode(MemorySegment packed, byte[] raw, int width) throws IOException {
        long at = 0;
        int written = 0;
        while (at < packed.byteSize() && written < raw.length) {
            long value = 0;
            int shift = 0;
            byte current;
            do {
                if (at == packed.byteSize() || shift > 63) {
                    throw new IOException(
                            "A varint in a tensor is broken off; the model file is corrupt");
                }
                current = packed.get(ValueLayout.JAVA_BYTE, at++);
                value |= (current & 0x7FL) << shift;
                shift += 7;
            } while (current < 0);
            for (int i = 0; i < width; i++) {
                raw[written++] = (byte) (value >>> (8 * i));
            }
        }
        if (at != packed.byteSize() || written != raw.length) {
            throw new IOException(
                    "Expected " + raw.length / width + " varints in a tensor, got another number");
        }
    }
}
