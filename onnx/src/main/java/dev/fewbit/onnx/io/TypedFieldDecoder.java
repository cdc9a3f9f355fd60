package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.InlineBytes;
import dev.fewbit.onnx.graph.StoredBytes;
import dev.fewbit.onnx.graph.TypedField;
import dev.fewbit.onnx.wire.WireInput;
import dev.fewbit.onnx.wire.WireType;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects one typed field of a tensor. It is nearly always a single packed run, which then stays
 * in the file.
 */
final class TypedFieldDecoder {
    private final TypedField.Kind kind;
    private final List<long[]> runs = new ArrayList<>(1);
    private long entries;

    TypedFieldDecoder(TypedField.Kind kind) {
        this.kind = kind;
    }

    /** The typed field to which a tag belongs; null when it belongs to none. */
    static TypedField.@Nullable Kind kindOf(int tag) {
        int wireType = WireType.of(tag);
        if (wireType == WireType.START_GROUP || wireType == WireType.END_GROUP) {
            return null;
        }
        return switch (WireType.field(tag)) {
            case 4 ->
                    wireType == WireType.LENGTH || wireType == WireType.FIXED32
                            ? TypedField.Kind.FLOAT_DATA
                            : null;
            case 5 -> isIntegers(wireType) ? TypedField.Kind.INT32_DATA : null;
            case 6 -> wireType == WireType.LENGTH ? TypedField.Kind.STRING_DATA : null;
            case 7 -> isIntegers(wireType) ? TypedField.Kind.INT64_DATA : null;
            case 10 ->
                    wireType == WireType.LENGTH || wireType == WireType.FIXED64
                            ? TypedField.Kind.DOUBLE_DATA
                            : null;
            case 11 -> isIntegers(wireType) ? TypedField.Kind.UINT64_DATA : null;
            default -> null;
        };
    }

    /**
     * Entries of the typed field that so many elements take: complex numbers take two, packed ones
     * share one.
     */
    static long entries(ElementType type, long elements, long rawBytes) {
        return switch (type) {
            case COMPLEX64, COMPLEX128 -> Math.multiplyExact(elements, 2);
            case UINT4, INT4, FLOAT4E2M1, UINT2, INT2 -> rawBytes;
            case FLOAT, DOUBLE, STRING, INT64, UINT64, UINT32, INT32, UINT16, INT16, UINT8, INT8 ->
                    elements;
            case BOOL, FLOAT16, BFLOAT16 -> elements;
            case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT8E8M0 -> elements;
        };
    }

    /**
     * Reads the value whose tag has just been read; {@code fieldStart} is the position of the tag.
     */
    void read(WireInput input, int tag, long fieldStart) throws IOException {
        long start = input.position();
        if (kind == TypedField.Kind.STRING_DATA) {
            input.skip(tag);
            entries++;
            add(fieldStart, input.position());
        } else if (WireType.of(tag) == WireType.LENGTH) {
            long outer = input.enter();
            start = input.position();
            long length = input.limit() - start;
            entries +=
                    switch (kind) {
                        case FLOAT_DATA -> wholeNumber(length, 4);
                        case DOUBLE_DATA -> wholeNumber(length, 8);
                        case INT32_DATA, INT64_DATA, UINT64_DATA -> input.countVarints();
                        case STRING_DATA -> 0;
                    };
            input.leave(outer);
            add(start, start + length);
        } else {
            input.skip(tag);
            entries++;
            add(start, input.position());
        }
    }

    /** Which field this is. */
    TypedField.Kind kind() {
        return kind;
    }

    /** Number of entries read. */
    long entries() {
        return entries;
    }

    /** The field's payload, which takes {@code rawBytes} bytes in raw form. */
    TypedField build(WireInput input, long rawBytes) throws IOException {
        StoredBytes encoded = encoded(input);
        return new TypedField(
                kind, encoded, kind == TypedField.Kind.STRING_DATA ? encoded.byteSize() : rawBytes);
    }

    private StoredBytes encoded(WireInput input) throws IOException {
        if (runs.size() == 1) {
            return input.range(runs.getFirst()[0], runs.getFirst()[1], TensorDecoder.MOST_INLINE);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (long[] run : runs) {
            if (input.range(run[0], run[1], Integer.MAX_VALUE) instanceof InlineBytes bytes) {
                byte[] copy = new byte[(int) bytes.byteSize()];
                bytes.buffer().get(copy);
                all.writeBytes(copy);
            }
        }
        return InlineBytes.of(all.toByteArray());
    }

    private void add(long start, long end) {
        if (!runs.isEmpty() && runs.getLast()[1] == start) {
            runs.getLast()[1] = end;
        } else {
            runs.add(new long[] {start, end});
        }
    }

    private static boolean isIntegers(int wireType) {
        return wireType == WireType.LENGTH || wireType == WireType.VARINT;
    }

    /**
     * Length in numbers of a width; -1, which no tensor takes, when it is not a whole number of
     * them.
     */
    private static long wholeNumber(long length, int width) {
        return length % width == 0 ? length / width : -1;
    }
}
