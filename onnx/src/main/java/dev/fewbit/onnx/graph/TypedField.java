package dev.fewbit.onnx.graph;

import java.util.Objects;

/**
 * Values in one of the typed fields of {@code TensorProto} ({@code float_data}, {@code int32_data},
 * ...) instead of in {@code raw_data}. They stay in that form when the tensor is written unchanged,
 * and become little-endian raw bytes only when they are read.
 *
 * @param kind which field
 * @param encoded the field's packed payload; for strings the whole encoded fields, tags included
 * @param byteSize size in {@code raw_data} form; for strings the size of {@code encoded}
 */
public record TypedField(Kind kind, StoredBytes encoded, long byteSize) implements TensorData {

    /** The typed fields, with their numbers in {@code TensorProto}. */
    public enum Kind {
        FLOAT_DATA(4),
        INT32_DATA(5),
        STRING_DATA(6),
        INT64_DATA(7),
        DOUBLE_DATA(10),
        UINT64_DATA(11);

        private final int fieldNumber;

        Kind(int fieldNumber) {
            this.fieldNumber = fieldNumber;
        }

        /** The field's number in {@code TensorProto}. */
        public int fieldNumber() {
            return fieldNumber;
        }

        /** The field in which the ONNX specification keeps elements of this type. */
        public static Kind forElements(ElementType type) {
            return switch (type) {
                case FLOAT, COMPLEX64 -> FLOAT_DATA;
                case DOUBLE, COMPLEX128 -> DOUBLE_DATA;
                case STRING -> STRING_DATA;
                case INT64 -> INT64_DATA;
                case UINT32, UINT64 -> UINT64_DATA;
                case UINT8, INT8, UINT16, INT16, INT32, BOOL, FLOAT16, BFLOAT16 -> INT32_DATA;
                case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT8E8M0 ->
                        INT32_DATA;
                case UINT4, INT4, FLOAT4E2M1, UINT2, INT2 -> INT32_DATA;
            };
        }
    }

    public TypedField {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(encoded, "encoded");
        if (byteSize < 0) {
            throw new IllegalArgumentException("A size cannot be negative: " + byteSize);
        }
    }

    /** True when the payload already is the little-endian raw form: packed fixed-width numbers. */
    public boolean isRaw() {
        return kind == Kind.FLOAT_DATA || kind == Kind.DOUBLE_DATA;
    }
}
