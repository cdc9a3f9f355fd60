package dev.fewbit.onnx.graph;

import java.io.IOException;
import java.nio.ByteBuffer;

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
    static void decode(ByteBuffer packed, byte[] raw, int width) throws IOException {
        int written = 0;
        while (packed.hasRemaining() && written < raw.length) {
            long value = 0;
            int shift = 0;
            byte current;
            do {
                if (!packed.hasRemaining() || shift > 63) {
                    throw new IOException(
                            "A varint in a tensor is broken off; the model file is corrupt");
                }
                current = packed.get();
                value |= (current & 0x7FL) << shift;
                shift += 7;
            } while (current < 0);
            for (int i = 0; i < width; i++) {
                raw[written++] = (byte) (value >>> (8 * i));
            }
        }
        if (packed.hasRemaining() || written != raw.length) {
            throw new IOException(
                    "Expected " + raw.length / width + " varints in a tensor, got another number");
        }
    }
}
