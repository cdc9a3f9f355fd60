package dev.fewbit.onnx.graph;

import java.nio.ByteBuffer;

/** Turns little-endian raw bytes into Java numbers. */
final class ElementDecoding {
    private ElementDecoding() {}

    static void requireFloats(ElementType type) {
        if (!type.isReadableAsFloats()) {
            throw new IllegalStateException(
                    "Expected a tensor of FLOAT, FLOAT16, BFLOAT16 or DOUBLE to read as floats, got"
                            + " "
                            + type);
        }
    }

    /**
     * Decodes the first {@code count} elements from the position of a little-endian buffer on;
     * float32 is one plain copy.
     */
    static void floats(ElementType type, ByteBuffer raw, float[] target, int from, int count) {
        requireFloats(type);
        if (type == ElementType.FLOAT) {
            raw.asFloatBuffer().get(target, from, count);
            return;
        }
        int start = raw.position();
        for (int i = 0; i < count; i++) {
            target[from + i] =
                    switch (type) {
                        case DOUBLE -> (float) raw.getDouble(start + i * Double.BYTES);
                        case FLOAT16 -> Float.float16ToFloat(raw.getShort(start + i * Short.BYTES));
                        default ->
                                Float.intBitsToFloat(raw.getShort(start + i * Short.BYTES) << 16);
                    };
        }
    }

    /**
     * Decodes the first {@code count} elements of a little-endian buffer; uint64 keeps its bits.
     */
    static long[] longs(ElementType type, ByteBuffer raw, int count) {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = integer(type, raw, i);
        }
        return values;
    }

    private static long integer(ElementType type, ByteBuffer raw, int index) {
        return switch (type) {
            case INT8 -> raw.get(index);
            case UINT8, BOOL -> raw.get(index) & 0xFF;
            case INT16 -> raw.getShort(index * Short.BYTES);
            case UINT16 -> raw.getShort(index * Short.BYTES) & 0xFFFF;
            case INT32 -> raw.getInt(index * Integer.BYTES);
            case UINT32 -> raw.getInt(index * Integer.BYTES) & 0xFFFF_FFFFL;
            case INT64, UINT64 -> raw.getLong(index * Long.BYTES);
            case UINT4 -> packed(raw, index, 4);
            case UINT2 -> packed(raw, index, 2);
            case INT4 -> packed(raw, index, 4) << 60 >> 60;
            case INT2 -> packed(raw, index, 2) << 62 >> 62;
            case FLOAT, DOUBLE, FLOAT16, BFLOAT16, COMPLEX64, COMPLEX128, STRING ->
                    throw notIntegers(type);
            case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT8E8M0, FLOAT4E2M1 ->
                    throw notIntegers(type);
        };
    }

    private static long packed(ByteBuffer raw, int index, int bits) {
        int perByte = 8 / bits;
        int shift = index % perByte * bits;
        return raw.get(index / perByte) >> shift & ((1 << bits) - 1);
    }

    private static IllegalStateException notIntegers(ElementType type) {
        return new IllegalStateException("Expected a tensor of integers or booleans, got " + type);
    }
}
