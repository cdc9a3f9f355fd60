package dev.fewbit.onnx.layer;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Asks whether a value goes to one place only, so that it may be changed together with it. */
public final class SoleReader {
    private SoleReader() {}

    /**
     * The only node that reads a value, through one input only and in the value's own graph; null
     * when there are others, or when the value is an output of a graph.
     */
    public static @Nullable Node of(Value value) {
        List<Node> readers = value.consumers();
        if (readers.size() != 1 || value.isGraphOutput()) {
            return null;
        }
        Node reader = readers.getFirst();
        long reads = reader.inputs().stream().filter(input -> input == value).count();
        return reads == 1 && reader.graph() == value.graph() ? reader : null;
    }
}
