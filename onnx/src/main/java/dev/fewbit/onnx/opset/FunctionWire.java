package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.InlineBytes;
import dev.fewbit.onnx.graph.TensorData;
import dev.fewbit.onnx.wire.WireInput;
import dev.fewbit.onnx.wire.WireOutput;
import dev.fewbit.onnx.wire.WireType;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Repacks an encoded {@code FunctionProto} as a {@code ModelProto} with the same nodes, and back.
 * Field numbers as in onnx.proto.
 */
final class FunctionWire {

    private static final int LARGEST_MESSAGE = Integer.MAX_VALUE - 8;

    private static final int FUNCTION_INPUT = 4;
    private static final int FUNCTION_OUTPUT = 5;
    private static final int FUNCTION_NODE = 7;
    private static final int FUNCTION_OPSET = 9;
    private static final int FUNCTION_VALUE_INFO = 12;

    private static final int MODEL_IR_VERSION = 1;
    private static final int MODEL_GRAPH = 7;
    private static final int MODEL_OPSET = 8;

    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_NAME = 2;
    private static final int GRAPH_INPUT = 11;
    private static final int GRAPH_OUTPUT = 12;
    private static final int GRAPH_VALUE_INFO = 13;

    private static final int VALUE_INFO_NAME = 1;

    private FunctionWire() {}

    /** A model whose graph has the inputs, outputs and nodes of a function, and its opsets. */
    static byte[] toModel(byte[] function, int irVersion) throws IOException {
        WireOutput graph = new WireOutput();
        WireOutput model = new WireOutput();
        model.writeVarint(MODEL_IR_VERSION, irVersion);
        graph.writeString(GRAPH_NAME, "function");
        WireInput input = WireInput.of(function);
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (tag) {
                case FUNCTION_INPUT << 3 | WireType.LENGTH -> name(graph, GRAPH_INPUT, input);
                case FUNCTION_OUTPUT << 3 | WireType.LENGTH -> name(graph, GRAPH_OUTPUT, input);
                case FUNCTION_NODE << 3 | WireType.LENGTH ->
                        graph.writeBytes(GRAPH_NODE, input.readBytes(LARGEST_MESSAGE));
                case FUNCTION_VALUE_INFO << 3 | WireType.LENGTH ->
                        graph.writeBytes(GRAPH_VALUE_INFO, input.readBytes(LARGEST_MESSAGE));
                case FUNCTION_OPSET << 3 | WireType.LENGTH ->
                        model.writeBytes(MODEL_OPSET, input.readBytes(LARGEST_MESSAGE));
                default -> input.skip(tag);
            }
        }
        model.writeMessage(MODEL_GRAPH, graph);
        return bytes(model);
    }

    /** The function with the nodes and opsets of a model; everything else stays as it is. */
    static byte[] replaceBody(byte[] function, byte[] model) throws IOException {
        WireOutput result = new WireOutput();
        WireInput input = WireInput.of(function);
        long start = 0;
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            input.skip(tag);
            int field = WireType.field(tag);
            if (field != FUNCTION_NODE && field != FUNCTION_OPSET) {
                result.writeEncoded(input.range(start, input.position(), LARGEST_MESSAGE));
            }
            start = input.position();
        }
        copyBody(WireInput.of(model), result);
        return bytes(result);
    }

    private static void copyBody(WireInput model, WireOutput result) throws IOException {
        for (int tag = model.readTag(); tag != 0; tag = model.readTag()) {
            switch (tag) {
                case MODEL_OPSET << 3 | WireType.LENGTH ->
                        result.writeBytes(FUNCTION_OPSET, model.readBytes(LARGEST_MESSAGE));
                case MODEL_GRAPH << 3 | WireType.LENGTH -> {
                    long outer = model.enter();
                    copyNodes(model, result);
                    model.leave(outer);
                }
                default -> model.skip(tag);
            }
        }
    }

    private static void copyNodes(WireInput graph, WireOutput result) throws IOException {
        for (int tag = graph.readTag(); tag != 0; tag = graph.readTag()) {
            if (tag == WireType.tag(GRAPH_NODE, WireType.LENGTH)) {
                result.writeBytes(FUNCTION_NODE, graph.readBytes(LARGEST_MESSAGE));
            } else {
                graph.skip(tag);
            }
        }
    }

    private static void name(WireOutput graph, int field, WireInput input) throws IOException {
        WireOutput info = new WireOutput();
        info.writeString(VALUE_INFO_NAME, input.readString());
        graph.writeMessage(field, info);
    }

    private static byte[] bytes(WireOutput output) {
        ByteBuffer bytes = ByteBuffer.allocate((int) output.size());
        for (WireOutput.Part part : output.parts()) {
            TensorData data =
                    switch (part) {
                        case WireOutput.Bytes encoded -> encoded.content();
                        case WireOutput.Payload payload -> payload.data();
                    };
            if (data instanceof InlineBytes inline) {
                bytes.put(inline.buffer());
            } else {
                throw new IllegalStateException("Expected bytes in memory, got " + data);
            }
        }
        return bytes.array();
    }
}
