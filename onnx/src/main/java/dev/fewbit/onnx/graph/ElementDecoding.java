package dev.fewbit.onnx.graph;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Turns little-endian raw bytes into Java numbers. */
final class ElementDecoding {
    private ElementDecoding() {}

    /**
     * Decodes {@code count} elements at the start of {@code raw} into {@code target}; float32 is
     * one plain copy.
     */
    static void floats(ElementType type, MemorySegment raw, float[] target, int from, int count) {
        switch (type) {
            case FLOAT -> MemorySegment.copy(raw, LittleEndian.FLOAT, 0, target, from, count);
            case DOUBLE -> {
                for (int i = 0; i < count; i++) {
                    target[from + i] = (float) raw.getAtIndex(LittleEndian.DOUBLE, i);
                }
            }
            case FLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    target[from + i] = Float.float16ToFloat(raw.getAtIndex(LittleEndian.SHORT, i));
                }
            }
            case BFLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    target[from + i] =
                            Float.intBitsToFloat(raw.getAtIndex(LittleEndian.SHORT, i) << 16);
                }
            }
            case INT8,
                    UINT8,
                    BOOL,
                    INT16,
                    UINT16,
                    INT32,
                    UINT32,
                    INT64,
                    UINT64,
                    INT4,
                    UINT4,
                    INT2,
                    UINT2 ->
                    throw notFloats(type);
            case STRING, COMPLEX64, COMPLEX128 -> throw notFloats(type);
            case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT8E8M0, FLOAT4E2M1 ->
                    throw notFloats(type);
        }
    }

    /** Decodes the first {@code count} elements; uint64 keeps its bits. */
    static long[] longs(ElementType type, MemorySegment raw, int count) {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = integer(type, raw, i);
        }
        return values;
    }

    private static long integer(ElementType type, MemorySegment raw, int index) {
        return switch (type) {
            case INT8 -> raw.get(ValueLayout.JAVA_BYTE, index);
            case UINT8, BOOL -> raw.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
            case INT16 -> raw.getAtIndex(LittleEndian.SHORT, index);
            case UINT16 -> raw.getAtIndex(LittleEndian.SHORT, index) & 0xFFFF;
            case INT32 -> raw.getAtIndex(LittleEndian.INT, index);
            case UINT32 -> raw.getAtIndex(LittleEndian.INT, index) & 0xFFFF_FFFFL;
            case INT64, UINT64 -> raw.getAtIndex(LittleEndian.LONG, index);
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

    private static long packed(MemorySegment raw, int index, int bits) {
        int perByte = 8 / bits;
        int shift = index % perByte * bits;
        return raw.get(ValueLayout.JAVA_BYTE, index / perByte) >> shift & ((1 << bits) - 1);
    }

    private static IllegalStateException notFloats(ElementType type) {
        return new IllegalStateException(
                "Expected a tensor of FLOAT, FLOAT16, BFLOAT16 or DOUBLE to read as floats, got "
                        + type);
    }

    private static IllegalStateException notIntegers(ElementType type) {
        return new IllegalStateException("Expected a tensor of integers or booleans, got " + type);
    }
}
