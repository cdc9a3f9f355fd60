package dev.fewbit.onnx.encode;

import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Value;

import java.util.HashMap;
import java.util.Map;

/** What the encodings of one model share. */
final class EncodingContext {
    private final SharedConstants constants;
    private final Map<ActivationKey, QuantizedActivation> activations = new HashMap<>();

    EncodingContext(Model model) {
        this.constants = new SharedConstants(model.graph());
    }

    SharedConstants constants() {
        return constants;
    }

    /**
     * The outputs of DynamicQuantizeLinear on a value: made once for all its readers in a graph.
     */
    QuantizedActivation quantizedActivation(Value activation, NodeInserter nodes) {
        return activations.computeIfAbsent(
                new ActivationKey(activation, nodes.graph()),
                _ -> QuantizedActivation.insert(activation, nodes));
    }

    private record ActivationKey(Value activation, Graph graph) {}
}
