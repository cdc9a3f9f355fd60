package dev.fewbit.onnx.encode;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

/** Names for nodes that may have none. */
public final class Labels {
    private Labels() {}

    /** The node's name or, where it has none, the name of its first output. */
    public static String of(Node node) {
        if (!node.name().isEmpty()) {
            return node.name();
        }
        for (Value output : node.outputs()) {
            if (output != null) {
                return output.name();
            }
        }
        return node.opType();
    }
}
