package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

/** The words for an element type that an adapter needs and the model does not state. */
final class ElementTypes {

    private ElementTypes() {}

    static String unknown(String change, @Nullable Value value) {
        return change
                + " of the type of \""
                + value
                + "\", and neither the model nor the operators before it tell that type; run ONNX"
                + " shape inference on the model first";
    }
}
