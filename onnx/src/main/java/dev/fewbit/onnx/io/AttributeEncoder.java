package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.Attribute;
import dev.fewbit.onnx.graph.AttributeValue;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.wire.WireOutput;

/** Encodes an attribute as {@code AttributeProto}. */
final class AttributeEncoder {
    private AttributeEncoder() {}

    static WireOutput encode(Attribute attribute) {
        WireOutput output = new WireOutput();
        output.writeString(AttributeKind.NAME_FIELD, attribute.name());
        int typeCode =
                switch (attribute.value()) {
                    case AttributeValue.FloatValue value -> {
                        output.writeFixed32(
                                AttributeKind.FLOAT.field, Float.floatToRawIntBits(value.value()));
                        yield AttributeKind.FLOAT.code;
                    }
                    case AttributeValue.IntValue value -> {
                        output.writeVarint(AttributeKind.INT.field, value.value());
                        yield AttributeKind.INT.code;
                    }
                    case AttributeValue.StringValue value -> {
                        output.writeBytes(AttributeKind.STRING.field, value.bytes());
                        yield AttributeKind.STRING.code;
                    }
                    case AttributeValue.TensorValue value -> {
                        writeTensor(output, AttributeKind.TENSOR, value.tensor());
                        yield AttributeKind.TENSOR.code;
                    }
                    case AttributeValue.GraphValue value -> {
                        writeGraph(output, AttributeKind.GRAPH, value.graph());
                        yield AttributeKind.GRAPH.code;
                    }
                    case AttributeValue.FloatsValue values -> {
                        for (float value : values.values()) {
                            output.writeFixed32(
                                    AttributeKind.FLOATS.field, Float.floatToRawIntBits(value));
                        }
                        yield AttributeKind.FLOATS.code;
                    }
                    case AttributeValue.IntsValue values -> {
                        for (long value : values.values()) {
                            output.writeVarint(AttributeKind.INTS.field, value);
                        }
                        yield AttributeKind.INTS.code;
                    }
                    case AttributeValue.StringsValue values -> {
                        values.values()
                                .forEach(
                                        value ->
                                                output.writeBytes(
                                                        AttributeKind.STRINGS.field,
                                                        value.bytes()));
                        yield AttributeKind.STRINGS.code;
                    }
                    case AttributeValue.TensorsValue values -> {
                        values.tensors()
                                .forEach(
                                        tensor ->
                                                writeTensor(output, AttributeKind.TENSORS, tensor));
                        yield AttributeKind.TENSORS.code;
                    }
                    case AttributeValue.GraphsValue values -> {
                        values.graphs()
                                .forEach(graph -> writeGraph(output, AttributeKind.GRAPHS, graph));
                        yield AttributeKind.GRAPHS.code;
                    }
                    case AttributeValue.Opaque opaque -> {
                        output.writeRemainder(opaque.fields());
                        yield opaque.typeCode();
                    }
                };
        if (typeCode != 0) {
            output.writeVarint(AttributeKind.TYPE_FIELD, typeCode);
        }
        output.writeRemainder(attribute.remainder());
        return output;
    }

    private static void writeTensor(WireOutput output, AttributeKind kind, Tensor tensor) {
        output.writeMessage(kind.field, TensorEncoder.embedded(tensor, tensor.name()));
    }

    private static void writeGraph(WireOutput output, AttributeKind kind, Graph graph) {
        output.writeMessage(kind.field, GraphEncoder.encode(graph, ExternalLayout.none()));
    }
}
