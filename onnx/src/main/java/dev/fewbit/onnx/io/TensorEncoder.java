package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Pending;
import dev.fewbit.onnx.graph.StoredBytes;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.TypedField;
import dev.fewbit.onnx.wire.WireOutput;

/**
 * Encodes a tensor as {@code TensorProto}; the bytes of its elements become a part that is filled
 * in later.
 */
final class TensorEncoder {
    private TensorEncoder() {}

    /** A tensor with its elements in the model's own file. */
    static WireOutput embedded(Tensor tensor, String name) {
        WireOutput output = header(tensor, name);
        switch (tensor.data()) {
            case StoredBytes stored -> output.writePayload(TensorFields.RAW_DATA, stored);
            case Pending pending -> output.writePayload(TensorFields.RAW_DATA, pending);
            case TypedField field -> {
                if (tensor.elementType() == ElementType.STRING) {
                    output.writeEncoded(field.encoded());
                } else if (field.encoded().byteSize() > 0) {
                    output.writePayload(field.kind().fieldNumber(), field.encoded());
                }
            }
        }
        output.writeRemainder(tensor.remainder());
        return output;
    }

    /** A tensor with its elements at an offset of an external file. */
    static WireOutput external(Tensor tensor, String name, String location, long offset) {
        WireOutput output = header(tensor, name);
        writeEntry(output, "location", location);
        writeEntry(output, "offset", Long.toString(offset));
        writeEntry(output, "length", Long.toString(tensor.byteSize()));
        output.writeVarint(TensorFields.DATA_LOCATION, TensorFields.LOCATION_EXTERNAL);
        output.writeRemainder(tensor.remainder());
        return output;
    }

    private static WireOutput header(Tensor tensor, String name) {
        WireOutput output = new WireOutput();
        for (long size : tensor.shape()) {
            output.writeVarint(TensorFields.DIMS, size);
        }
        output.writeVarint(TensorFields.DATA_TYPE, tensor.elementType().code());
        output.writeNonEmpty(TensorFields.NAME, name);
        return output;
    }

    private static void writeEntry(WireOutput output, String key, String value) {
        WireOutput entry = new WireOutput();
        entry.writeString(TensorFields.ENTRY_KEY, key);
        entry.writeString(TensorFields.ENTRY_VALUE, value);
        output.writeMessage(TensorFields.EXTERNAL_DATA, entry);
    }
}
