package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.Attribute;
import dev.fewbit.onnx.graph.AttributeValue;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.InlineBytes;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Pending;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Runs the fillers of a model's pending tensors into memory and puts the results in their place.
 */
final class Materializer {
    private final Map<Pending, InlineBytes> results = new HashMap<>();

    private Materializer() {}

    static void materialize(Model model, int threads) throws IOException {
        Materializer materializer = new Materializer();
        materializer.fill(model, threads);
        materializer.replaceIn(model.graph());
    }

    private void fill(Model model, int threads) throws IOException {
        OutputLayout layout =
                OutputLayout.pendingOnly(OutputLayout.embedded(model).pending.keySet());
        if (layout.modelSize > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException(
                    "The pending tensors take "
                            + layout.modelSize
                            + " bytes, more than fit in memory; write them to a file");
        }
        byte[] bytes = new byte[(int) layout.modelSize];
        OutputFilling.fill(
                layout, new MemorySink(ByteBuffer.wrap(bytes)), null, threads, WriteListener.NONE);
        for (Map.Entry<Pending, List<OutputLayout.Place>> entry : layout.pending.entrySet()) {
            int position = (int) entry.getValue().getFirst().position();
            results.put(
                    entry.getKey(),
                    InlineBytes.of(bytes, position, (int) entry.getKey().byteSize()));
        }
    }

    private void replaceIn(Graph graph) {
        for (Map.Entry<Value, Tensor> entry : Map.copyOf(graph.initializers()).entrySet()) {
            graph.setInitializer(entry.getKey(), replaced(entry.getValue()));
        }
        for (Node node : graph.nodes()) {
            for (Attribute attribute : List.copyOf(node.attributes())) {
                if (attribute.value() instanceof AttributeValue.TensorValue value) {
                    AttributeValue result =
                            new AttributeValue.TensorValue(replaced(value.tensor()));
                    node.setAttribute(
                            new Attribute(attribute.name(), result, attribute.remainder()));
                } else if (attribute.value() instanceof AttributeValue.TensorsValue values) {
                    AttributeValue result =
                            new AttributeValue.TensorsValue(
                                    values.tensors().stream().map(this::replaced).toList());
                    node.setAttribute(
                            new Attribute(attribute.name(), result, attribute.remainder()));
                }
            }
            node.subgraphs().forEach(this::replaceIn);
        }
    }

    private Tensor replaced(Tensor tensor) {
        if (tensor.data() instanceof Pending pending) {
            return tensor.withData(Objects.requireNonNull(results.get(pending), "result"));
        }
        return tensor;
    }
}
