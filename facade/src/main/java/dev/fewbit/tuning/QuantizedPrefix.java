package dev.fewbit.tuning;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.correct.GraphCorrector;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.encode.ModelEncoder;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Pending;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.TensorFiller;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.LinearLayer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The quantized network as far as some of its layers, whose results it delivers before they are
 * rounded or limited.
 */
final class QuantizedPrefix {
    private final PreparedModel prepared;
    private final Plan plan;

    /**
     * @param prepared the prepared model
     * @param plan a plan for it; its corrections do not matter here
     */
    QuantizedPrefix(PreparedModel prepared, Plan plan) {
        this.prepared = prepared;
        this.plan = plan;
    }

    /**
     * Writes it; the next call replaces the file.
     *
     * @param corrections corrections of the prepared model
     * @param layers the layers, none of which depends on another
     * @param names is filled with the name of what each layer makes
     */
    Path write(
            List<Correction> corrections,
            List<CorrectableLayer> layers,
            Map<CorrectableLayer, String> names)
            throws IOException {
        Model model = prepared.read();
        GraphCorrector.apply(model, corrections);
        Map<CorrectableLayer, Node> last = lastNodes(model, layers);
        new ModelEncoder(model, Measuring.NOTHING).encode(plan);
        Graph graph = model.graph();
        while (!graph.outputs().isEmpty()) {
            graph.removeOutput(graph.outputs().size() - 1);
        }
        last.forEach(
                (layer, node) -> {
                    // A name may have moved behind the rounding; the node itself stays.
                    Value result = node.onlyOutput();
                    if (result.elementType() == null) {
                        result.setType(ElementType.FLOAT, null);
                    }
                    graph.addOutput(result);
                    names.put(layer, result.name());
                });
        removeUnused(graph);
        return prepared.write(model, "prefix.onnx");
    }

    private static Map<CorrectableLayer, Node> lastNodes(
            Model model, List<CorrectableLayer> layers) {
        Map<String, CorrectableLayer> byLabel = new HashMap<>();
        layers.forEach(layer -> byLabel.put(layer.label(), layer));
        Constants constants = new Constants(model);
        Map<CorrectableLayer, Node> last = new LinkedHashMap<>();
        for (Node node : model.graph().nodes()) {
            CorrectableLayer layer = byLabel.get(Labels.of(node));
            if (layer != null) {
                LinearLayer.of(node, constants).ifPresent(found -> last.put(layer, found.last()));
            }
        }
        return last;
    }

    /**
     * Removes what no layer needs. What is filled together with something that is needed stays: a
     * weight that several nodes share fills the biases of all.
     */
    private static void removeUnused(Graph graph) {
        Map<Value, Tensor> before = new LinkedHashMap<>(graph.initializers());
        graph.removeUnused();
        Set<TensorFiller> needed = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Tensor tensor : graph.initializers().values()) {
            if (tensor.data() instanceof Pending pending) {
                needed.add(pending.filler());
            }
        }
        before.forEach(
                (value, tensor) -> {
                    if (tensor.data() instanceof Pending pending
                            && needed.contains(pending.filler())
                            && graph.initializer(value) == null) {
                        graph.addInitializer(value.name(), tensor);
                    }
                });
    }
}
