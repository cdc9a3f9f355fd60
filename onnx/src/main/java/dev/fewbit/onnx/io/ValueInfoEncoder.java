package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.Dimension;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Shape;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.wire.WireOutput;

/** Encodes what is known about a value as {@code ValueInfoProto}. */
final class ValueInfoEncoder {
    private ValueInfoEncoder() {}

    static WireOutput encode(Value value) {
        WireOutput output = new WireOutput();
        output.writeString(GraphFields.INFO_NAME, value.name());
        if (!value.encodedType().isEmpty()) {
            output.writeRemainder(value.encodedType());
        } else if (value.elementType() != null || value.shape() != null) {
            output.writeMessage(GraphFields.INFO_TYPE, type(value));
        }
        output.writeRemainder(value.remainder());
        return output;
    }

    private static WireOutput type(Value value) {
        WireOutput tensor = new WireOutput();
        ElementType elementType = value.elementType();
        if (elementType != null) {
            tensor.writeVarint(GraphFields.TENSOR_ELEMENT_TYPE, elementType.code());
        }
        Shape shape = value.shape();
        if (shape != null) {
            tensor.writeMessage(GraphFields.TENSOR_SHAPE, shape(shape));
        }
        WireOutput type = new WireOutput();
        type.writeMessage(GraphFields.TYPE_TENSOR, tensor);
        return type;
    }

    private static WireOutput shape(Shape shape) {
        WireOutput output = new WireOutput();
        for (Dimension dimension : shape.dimensions()) {
            WireOutput encoded = new WireOutput();
            switch (dimension) {
                case Dimension.Known known ->
                        encoded.writeVarint(GraphFields.DIMENSION_VALUE, known.size());
                case Dimension.Symbolic symbolic ->
                        encoded.writeString(GraphFields.DIMENSION_NAME, symbolic.name());
                case Dimension.Unknown _ -> {
                    // An empty dimension says that there is an axis and nothing else.
                }
            }
            output.writeMessage(GraphFields.SHAPE_DIMENSION, encoded);
        }
        return output;
    }
}
