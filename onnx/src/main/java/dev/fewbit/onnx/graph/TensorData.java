package dev.fewbit.onnx.graph;

/**
 * Where the bytes of a tensor are. None of these forms holds a file open, and only {@link
 * InlineBytes} holds bytes.
 */
public sealed interface TensorData permits StoredBytes, TypedField, Pending {

    /** Size of the tensor in little-endian {@code raw_data} form, in bytes. */
    long byteSize();
}
