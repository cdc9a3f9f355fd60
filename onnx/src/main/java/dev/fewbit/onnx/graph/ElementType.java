package dev.fewbit.onnx.graph;

import org.jspecify.annotations.Nullable;

/**
 * The element types of ONNX tensors, with the numbers of {@code TensorProto.DataType} and the width
 * of one element in {@code raw_data}. Types narrower than a byte are packed, first element in the
 * low bits.
 */
public enum ElementType {
    FLOAT(1, 32),
    UINT8(2, 8),
    INT8(3, 8),
    UINT16(4, 16),
    INT16(5, 16),
    INT32(6, 32),
    INT64(7, 64),
    /**
     * Strings have no fixed width: {@link #bits()} is 0 and their tensors cannot be read as raw
     * bytes.
     */
    STRING(8, 0),
    BOOL(9, 8),
    FLOAT16(10, 16),
    DOUBLE(11, 64),
    UINT32(12, 32),
    UINT64(13, 64),
    COMPLEX64(14, 64),
    COMPLEX128(15, 128),
    BFLOAT16(16, 16),
    FLOAT8E4M3FN(17, 8),
    FLOAT8E4M3FNUZ(18, 8),
    FLOAT8E5M2(19, 8),
    FLOAT8E5M2FNUZ(20, 8),
    UINT4(21, 4),
    INT4(22, 4),
    FLOAT4E2M1(23, 4),
    FLOAT8E8M0(24, 8),
    UINT2(25, 2),
    INT2(26, 2);

    private static final @Nullable ElementType[] BY_CODE = byCode();

    private final int code;
    private final int bits;

    ElementType(int code, int bits) {
        this.code = code;
        this.bits = bits;
    }

    /** The number of this type in {@code TensorProto.DataType}. */
    public int code() {
        return code;
    }

    /** Width of one element in bits; 0 for strings. */
    public int bits() {
        return bits;
    }

    /** True for the types whose elements {@link TensorReader#readFloats} can deliver. */
    public boolean isReadableAsFloats() {
        return this == FLOAT || this == FLOAT16 || this == BFLOAT16 || this == DOUBLE;
    }

    /**
     * Bytes that this many elements take in {@code raw_data}, a partly filled last byte included.
     *
     * @throws ArithmeticException when the size does not fit in a long
     */
    public long byteSize(long elements) {
        return switch (bits) {
            case 2 -> Math.ceilDiv(elements, 4);
            case 4 -> Math.ceilDiv(elements, 2);
            default -> Math.multiplyExact(elements, bits / 8);
        };
    }

    /**
     * The type with this number, or null when the number is 0 (undefined) or newer than this list.
     */
    public static @Nullable ElementType ofCode(long code) {
        return code < 0 || code >= BY_CODE.length ? null : BY_CODE[(int) code];
    }

    private static @Nullable ElementType[] byCode() {
        @Nullable ElementType[] table = new @Nullable ElementType[27];
        for (ElementType type : values()) {
            table[type.code] = type;
        }
        return table;
    }
}
