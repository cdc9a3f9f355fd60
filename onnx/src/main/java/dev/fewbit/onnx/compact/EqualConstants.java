package dev.fewbit.onnx.compact;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Pending;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lets all readers of equal constants read one. */
final class EqualConstants {
    /** Larger ones are hardly ever equal, and would have to be read. */
    private static final long MOST_BYTES = 1024;

    private EqualConstants() {}

    private record Content(ElementType type, List<Long> shape, String bytes) {}

    /**
     * Constants of the main graph; those that are delivered, or may be replaced by callers, stay.
     */
    static void merge(Graph graph) {
        Map<Content, Value> seen = new HashMap<>();
        for (Value value : List.copyOf(graph.initializers().keySet())) {
            Tensor tensor = graph.initializer(value);
            if (tensor == null
                    || tensor.data() instanceof Pending
                    || tensor.byteSize() > MOST_BYTES
                    || tensor.elementType() == ElementType.STRING
                    || value.isGraphInput()
                    || value.isGraphOutput()) {
                continue;
            }
            Value first = seen.putIfAbsent(content(tensor), value);
            if (first != null) {
                graph.replaceAllUses(value, first);
                graph.removeInitializer(value);
            }
        }
    }

    private static Content content(Tensor tensor) {
        try {
            return new Content(
                    tensor.elementType(),
                    Arrays.stream(tensor.shape()).boxed().toList(),
                    Arrays.toString(tensor.bytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
