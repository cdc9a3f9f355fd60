package dev.fewbit.planning;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Many floats in a plan, exactly: Base64 of their little-endian bytes. A person edits decisions,
 * not these.
 */
final class FloatText {
    private FloatText() {}

    static String write(List<Float> values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(values.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(bytes::putFloat);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /**
     * Reads what {@link #write} writes.
     *
     * @throws IllegalArgumentException if it is not Base64 of whole floats
     */
    static List<Float> parse(String text) {
        byte[] bytes = Base64.getDecoder().decode(text);
        if (bytes.length % Float.BYTES != 0) {
            throw new IllegalArgumentException(
                    "expected Base64 of little-endian 32-bit floats, got "
                            + bytes.length
                            + " bytes");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<Float> values = new ArrayList<>(bytes.length / Float.BYTES);
        while (buffer.hasRemaining()) {
            values.add(buffer.getFloat());
        }
        return values;
    }
}
