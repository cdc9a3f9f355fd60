package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.InlineBytes;
import dev.fewbit.onnx.graph.StoredBytes;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.TensorData;
import dev.fewbit.onnx.graph.TypedField;
import dev.fewbit.onnx.wire.RemainderBuilder;
import dev.fewbit.onnx.wire.WireInput;
import dev.fewbit.onnx.wire.WireType;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Decodes one {@code TensorProto}; the bytes of its elements stay where they are. */
final class TensorDecoder {
    /**
     * Raw bytes up to this size are copied to memory: cheaper than opening the file for a bias or
     * an axis.
     */
    static final int MOST_INLINE = 4096;

    private final Decoding decoding;
    private final WireInput input;
    private final RemainderBuilder remainder;
    private final LongList dims = new LongList();
    private final List<TypedFieldDecoder> typed = new ArrayList<>(0);
    private final ExternalDataEntries external = new ExternalDataEntries();
    private long dataType;
    private long location;
    private String name = "";
    private @Nullable StoredBytes raw;

    private TensorDecoder(Decoding decoding) {
        this.decoding = decoding;
        this.input = decoding.input;
        this.remainder = new RemainderBuilder(decoding.input);
    }

    /** Decodes the tensor whose length comes next. */
    static Tensor decode(Decoding decoding) throws IOException {
        decoding.spend(1);
        long outer = decoding.input.enter();
        Tensor tensor = new TensorDecoder(decoding).readFields().assemble();
        decoding.input.leave(outer);
        return tensor;
    }

    /** Decodes the tensor that is all there is. */
    static Tensor decodeAll(Decoding decoding) throws IOException {
        return new TensorDecoder(decoding).readFields().assemble();
    }

    private TensorDecoder readFields() throws IOException {
        long start = input.position();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (tag) {
                case TensorFields.DIMS << 3 | WireType.VARINT -> dims.add(input.readVarint());
                case TensorFields.DIMS << 3 | WireType.LENGTH -> dims.readPacked(input);
                case TensorFields.DATA_TYPE << 3 | WireType.VARINT -> dataType = input.readVarint();
                case TensorFields.NAME << 3 | WireType.LENGTH -> name = input.readString();
                case TensorFields.RAW_DATA << 3 | WireType.LENGTH -> raw = readRaw();
                case TensorFields.EXTERNAL_DATA << 3 | WireType.LENGTH -> external.read(input);
                case TensorFields.DATA_LOCATION << 3 | WireType.VARINT ->
                        location = input.readVarint();
                default -> {
                    TypedField.Kind kind = TypedFieldDecoder.kindOf(tag);
                    if (kind == null) {
                        remainder.keep(tag, start);
                    } else {
                        typedField(kind).read(input, tag, start);
                    }
                }
            }
            start = input.position();
        }
        return this;
    }

    private TypedFieldDecoder typedField(TypedField.Kind kind) {
        for (TypedFieldDecoder field : typed) {
            if (field.kind() == kind) {
                return field;
            }
        }
        TypedFieldDecoder field = new TypedFieldDecoder(kind);
        typed.add(field);
        return field;
    }

    private StoredBytes readRaw() throws IOException {
        long outer = input.enter();
        StoredBytes bytes = input.range(input.position(), input.limit(), MOST_INLINE);
        input.leave(outer);
        return bytes;
    }

    private Tensor assemble() throws IOException {
        long[] shape = dims.toArray();
        for (long size : shape) {
            if (size < 0) {
                throw decoding.damaged(describe(shape, null) + " has a negative dimension");
            }
        }
        ElementType type = ElementType.ofCode(dataType);
        if (type == null) {
            throw decoding.refuse(
                    describe(shape, null)
                            + (dataType == 0
                                    ? " has no element type"
                                    : " has the unknown element type " + dataType),
                    dataType == 0
                            ? Decoding.GET_AGAIN
                            : "A newer version of Fewbit may know this type");
        }
        return new Tensor(name, type, shape, data(type, shape), remainder.build());
    }

    private TensorData data(ElementType type, long[] shape) throws IOException {
        long elements;
        long expected;
        try {
            elements = Tensor.elementCount(shape);
            expected = type.byteSize(elements);
        } catch (ArithmeticException e) {
            throw decoding.damaged(
                    describe(shape, type) + " has more elements than can be counted");
        }
        if (typed.size() + (raw == null ? 0 : 1) > 1) {
            throw decoding.damaged(
                    describe(shape, type) + " has its elements in more than one field");
        }
        if (location == TensorFields.LOCATION_EXTERNAL) {
            return externalData(type, shape, expected);
        }
        StoredBytes bytes = raw;
        if (bytes != null) {
            requireNotStrings(type, shape);
            if (bytes.byteSize() != expected) {
                throw decoding.damaged(
                        describe(shape, type)
                                + " takes "
                                + expected
                                + " bytes, but has "
                                + bytes.byteSize());
            }
            return bytes;
        }
        TypedField.Kind kind = TypedField.Kind.forElements(type);
        if (typed.isEmpty() && elements == 0) {
            return new TypedField(kind, InlineBytes.of(new byte[0]), 0);
        }
        TypedFieldDecoder field = typed.isEmpty() ? null : typed.getFirst();
        if (field == null || field.kind() != kind) {
            throw decoding.damaged(
                    describe(shape, type)
                            + (field == null
                                    ? " has no elements"
                                    : " should have its elements in raw_data or "
                                            + kind
                                            + ", but has them in "
                                            + typed.getFirst().kind()));
        }
        long entries = TypedFieldDecoder.entries(type, elements, expected);
        if (field.entries() != entries) {
            throw decoding.damaged(
                    describe(shape, type)
                            + " takes "
                            + entries
                            + " entries in "
                            + kind
                            + ", but has "
                            + field.entries());
        }
        return field.build(input, expected);
    }

    private TensorData externalData(ElementType type, long[] shape, long expected)
            throws IOException {
        requireNotStrings(type, shape);
        if (raw != null || !typed.isEmpty()) {
            throw decoding.damaged(
                    describe(shape, type)
                            + " is marked as external, but also has elements in the model");
        }
        long length = external.number("length", expected);
        long offset = external.number("offset", 0);
        if (length != expected) {
            throw decoding.damaged(
                    describe(shape, type)
                            + " takes "
                            + expected
                            + " bytes, but its external data is said to have "
                            + (length < 0 ? "an unreadable number of" : length));
        }
        return decoding.externalFiles.region(name, external.text("location"), offset, expected);
    }

    private void requireNotStrings(ElementType type, long[] shape) throws OnnxFormatException {
        if (type == ElementType.STRING) {
            throw decoding.damaged(
                    describe(shape, type)
                            + " holds strings, which cannot be raw or external bytes");
        }
    }

    private String describe(long[] shape, @Nullable ElementType type) {
        return "the tensor \""
                + name
                + "\" of shape "
                + Arrays.toString(shape)
                + (type == null ? "" : " and type " + type);
    }
}
