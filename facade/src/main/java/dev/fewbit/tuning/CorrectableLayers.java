package dev.fewbit.tuning;

import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.LinearLayer;
import dev.fewbit.onnx.layer.ReadValues;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the layers whose means a plan shifts: those that it quantizes, and float layers behind
 * these, which inherit shifted inputs. A layer without a bias can be given one for nothing if it is
 * an integer convolution or Gemm; else it would cost a node, or time, and is left alone.
 */
final class CorrectableLayers {
    private final Constants constants;
    private final PlanIndex index;
    private final Map<String, Integer> labels = new HashMap<>();
    private final Map<Value, Integer> stages = new HashMap<>();
    private final Set<Value> shifted = new HashSet<>();
    private final List<CorrectableLayer> found = new ArrayList<>();

    private CorrectableLayers(Model model, Plan plan) {
        this.constants = new Constants(model);
        this.index = new PlanIndex(plan);
    }

    /**
     * Finds them in the model's own graph, in its order; layers inside of subgraphs run an unknown
     * number of times.
     *
     * @param model the prepared and corrected float model, nodes in order
     * @param plan what is to be done to it
     */
    static List<CorrectableLayer> find(Model model, Plan plan) {
        CorrectableLayers layers = new CorrectableLayers(model, plan);
        model.graph().allNodes().forEach(node -> layers.labels.merge(label(node), 1, Integer::sum));
        model.graph().nodes().forEach(layers::visit);
        return layers.found;
    }

    private static String label(Node node) {
        return Labels.of(node);
    }

    private void visit(Node node) {
        int stage = 0;
        boolean touched = index.isInteger(node);
        for (Value input : ReadValues.of(node)) {
            stage = Math.max(stage, stages.getOrDefault(input, 0));
            touched |= shifted.contains(input) || index.weight(input.name()).isPresent();
        }
        Optional<LinearLayer> layer = LinearLayer.of(node, constants);
        if (touched && layer.isPresent() && isCorrectable(layer.get())) {
            found.add(new CorrectableLayer(layer.get(), index.isInteger(node), stage));
            stage++;
        }
        for (Value output : node.outputs()) {
            if (output != null) {
                stages.put(output, stage);
                if (touched) {
                    shifted.add(output);
                }
            }
        }
    }

    private boolean isCorrectable(LinearLayer layer) {
        String label = label(layer.node());
        boolean takesBias = index.isInteger(layer.node()) && !layer.node().is("MatMul");
        // Plans find a node by its label.
        return labels.getOrDefault(label, 0) == 1 && (layer.hasBias() || takesBias);
    }
}
