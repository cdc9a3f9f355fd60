package dev.fewbit.runtime.data;

import java.nio.ByteBuffer;

/** Type of the elements of a {@link NumberArray}. */
public enum NumberType {
    /** One byte, 0 or 1. */
    BOOL("bool", 1),
    /** Signed 8 bit. */
    INT8("int8", 1),
    /** Unsigned 8 bit. */
    UINT8("uint8", 1),
    /** Signed 16 bit. */
    INT16("int16", 2),
    /** Unsigned 16 bit. */
    UINT16("uint16", 2),
    /** Signed 32 bit. */
    INT32("int32", 4),
    /** Unsigned 32 bit. */
    UINT32("uint32", 4),
    /** Signed 64 bit. */
    INT64("int64", 8),
    /** Unsigned 64 bit. */
    UINT64("uint64", 8),
    /** IEEE 754 half precision. */
    FLOAT16("float16", 2),
    /** The upper half of a 32 bit float. */
    BFLOAT16("bfloat16", 2),
    /** IEEE 754 single precision. */
    FLOAT32("float32", 4),
    /** IEEE 754 double precision. */
    FLOAT64("float64", 8);

    private final String label;
    private final int byteSize;

    NumberType(String label, int byteSize) {
        this.label = label;
        this.byteSize = byteSize;
    }

    /** Name as numpy and ONNX documents write it. */
    public String label() {
        return label;
    }

    /** Bytes of one element. */
    public int byteSize() {
        return byteSize;
    }

    /** Whether this is a floating-point type. */
    public boolean isFloat() {
        return switch (this) {
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> true;
            case BOOL, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64 -> false;
        };
    }

    /**
     * Reads an element as a double; 64-bit integers beyond 2^53 are rounded.
     *
     * @param bytes elements in the order of the buffer
     * @param index number of the element
     */
    double doubleAt(ByteBuffer bytes, int index) {
        return switch (this) {
            case FLOAT16 -> Float.float16ToFloat(bytes.getShort(index * 2));
            case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort(index * 2) << 16);
            case FLOAT32 -> bytes.getFloat(index * 4);
            case FLOAT64 -> bytes.getDouble(index * 8);
            case UINT64 -> unsignedToDouble(bytes.getLong(index * 8));
            case BOOL, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64 -> longAt(bytes, index);
        };
    }

    /**
     * Reads an element of an integer type; an unsigned 64-bit value keeps its bits.
     *
     * @param bytes elements in the order of the buffer
     * @param index number of the element
     */
    long longAt(ByteBuffer bytes, int index) {
        return switch (this) {
            case BOOL -> bytes.get(index) == 0 ? 0 : 1;
            case INT8 -> bytes.get(index);
            case UINT8 -> Byte.toUnsignedLong(bytes.get(index));
            case INT16 -> bytes.getShort(index * 2);
            case UINT16 -> Short.toUnsignedLong(bytes.getShort(index * 2));
            case INT32 -> bytes.getInt(index * 4);
            case UINT32 -> Integer.toUnsignedLong(bytes.getInt(index * 4));
            case INT64, UINT64 -> bytes.getLong(index * 8);
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 ->
                    throw new IllegalStateException(label + " is not an integer type");
        };
    }

    private static double unsignedToDouble(long bits) {
        return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
    }
}
