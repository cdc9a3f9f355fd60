package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.FileRegion;
import dev.fewbit.onnx.graph.InlineBytes;
import dev.fewbit.onnx.graph.StoredBytes;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Finds tensors with external data in encoded messages that are not decoded. */
final class ExternalReferences {
    /** The encoded key of an {@code external_data} entry: field 1, eight bytes, "location". */
    private static final byte[] KEY = "\n\blocation".getBytes(StandardCharsets.ISO_8859_1);

    /** The encoded field {@code data_location = EXTERNAL}. */
    private static final byte[] MARK = {
        TensorFields.DATA_LOCATION << 3, TensorFields.LOCATION_EXTERNAL
    };

    private ExternalReferences() {}

    /** True when an encoded message holds a tensor that says it is external and where. */
    static boolean isIn(StoredBytes encoded) {
        return switch (encoded) {
            case InlineBytes inline ->
                    contains(inline.buffer(), KEY) && contains(inline.buffer(), MARK);
            case FileRegion region ->
                    throw new IllegalStateException("Expected bytes in memory, got " + region);
        };
    }

    private static boolean contains(ByteBuffer bytes, byte[] pattern) {
        ByteBuffer wanted = ByteBuffer.wrap(pattern);
        for (int at = 0; at <= bytes.limit() - pattern.length; at++) {
            if (bytes.get(at) == pattern[0] && bytes.slice(at, pattern.length).equals(wanted)) {
                return true;
            }
        }
        return false;
    }
}
