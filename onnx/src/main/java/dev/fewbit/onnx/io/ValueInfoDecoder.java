package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.Dimension;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Remainder;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.wire.RemainderBuilder;
import dev.fewbit.onnx.wire.WireInput;
import dev.fewbit.onnx.wire.WireType;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes one {@code ValueInfoProto}: of its type only what tensors have, the rest stays encoded
 * beside it.
 */
final class ValueInfoDecoder {
    private final Decoding decoding;
    private final WireInput input;
    private @Nullable ElementType elementType;
    private @Nullable Shape shape;

    private ValueInfoDecoder(Decoding decoding) {
        this.decoding = decoding;
        this.input = decoding.input;
    }

    /**
     * What a file says about a value, and where ({@code fieldStart} to {@code end}, tag included).
     */
    record ValueInfo(
            String name,
            @Nullable ElementType elementType,
            @Nullable Shape shape,
            Remainder encodedType,
            Remainder remainder,
            long fieldStart,
            long end) {}

    /** Decodes the value info whose length comes next. */
    static ValueInfo decode(Decoding decoding, long fieldStart) throws IOException {
        decoding.spend(1);
        return new ValueInfoDecoder(decoding).decode(fieldStart);
    }

    private ValueInfo decode(long fieldStart) throws IOException {
        long outer = input.enter();
        String name = "";
        RemainderBuilder encodedType = new RemainderBuilder(input);
        RemainderBuilder remainder = new RemainderBuilder(input);
        long start = input.position();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (tag) {
                case GraphFields.INFO_NAME << 3 | WireType.LENGTH -> name = input.readString();
                case GraphFields.INFO_TYPE << 3 | WireType.LENGTH -> {
                    readType();
                    encodedType.keepRange(start);
                }
                default -> remainder.keep(tag, start);
            }
            start = input.position();
        }
        ValueInfo info =
                new ValueInfo(
                        name,
                        elementType,
                        shape,
                        encodedType.build(),
                        remainder.build(),
                        fieldStart,
                        input.position());
        input.leave(outer);
        return info;
    }

    private void readType() throws IOException {
        long outer = input.enter();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            if (tag == (GraphFields.TYPE_TENSOR << 3 | WireType.LENGTH)) {
                readTensorType();
            } else {
                input.skip(tag);
            }
        }
        input.leave(outer);
    }

    private void readTensorType() throws IOException {
        long outer = input.enter();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (tag) {
                case GraphFields.TENSOR_ELEMENT_TYPE << 3 | WireType.VARINT ->
                        elementType = ElementType.ofCode(input.readVarint());
                case GraphFields.TENSOR_SHAPE << 3 | WireType.LENGTH -> shape = readShape();
                default -> input.skip(tag);
            }
        }
        input.leave(outer);
    }

    private Shape readShape() throws IOException {
        List<Dimension> dimensions = new ArrayList<>(4);
        long outer = input.enter();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            if (tag == (GraphFields.SHAPE_DIMENSION << 3 | WireType.LENGTH)) {
                decoding.spend(1);
                dimensions.add(readDimension());
            } else {
                input.skip(tag);
            }
        }
        input.leave(outer);
        return new Shape(dimensions);
    }

    private Dimension readDimension() throws IOException {
        Dimension dimension = new Dimension.Unknown();
        long outer = input.enter();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (tag) {
                case GraphFields.DIMENSION_VALUE << 3 | WireType.VARINT -> {
                    // Some exporters write -1 for a size they do not know.
                    long size = input.readVarint();
                    dimension = size < 0 ? new Dimension.Unknown() : new Dimension.Known(size);
                }
                case GraphFields.DIMENSION_NAME << 3 | WireType.LENGTH ->
                        dimension = new Dimension.Symbolic(input.readString());
                default -> input.skip(tag);
            }
        }
        input.leave(outer);
        return dimension;
    }
}
