package dev.fewbit.rounding;

import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.rounding.GramMatrix;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.LinearLayer;
import dev.fewbit.onnx.layer.ReadValues;
import dev.fewbit.onnx.layer.SoleReader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the layers that are rounded with regard to data, and says why others are not. */
final class LayerSites {
    private final Constants constants;
    private final Map<String, WeightPlan> plans = new HashMap<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final Map<Value, Integer> stages = new HashMap<>();
    private final List<LayerSite> found = new ArrayList<>();
    private final List<LayerSite> shifted = new ArrayList<>();
    private final Map<String, String> nearest = new LinkedHashMap<>();

    private LayerSites(Model model, Plan plan) {
        this.constants = new Constants(model);
        for (WeightPlan weight : plan.weights()) {
            if (weight.rounding().needsData()) {
                plans.put(weight.tensor(), weight);
                nearest.put(weight.tensor(), "no layer of its own computes with it");
            }
        }
        model.graph().allNodes().forEach(node -> labels.merge(Labels.of(node), 1, Integer::sum));
        model.graph().nodes().forEach(this::visit);
        found.replaceAll(site -> withResidual(site));
    }

    /**
     * Looks at a model.
     *
     * @param model the prepared and corrected float model, nodes in order
     * @param plan what is to be done to it
     */
    static LayerSites of(Model model, Plan plan) {
        return new LayerSites(model, plan);
    }

    /** The layers, in the order of the graph. */
    List<LayerSite> sites() {
        return found;
    }

    /**
     * Layers whose weights are left to the nearest levels although the plan wants them rounded with
     * regard to data, but whose biases can make up for wrong means; in the order of the graph.
     */
    List<LayerSite> shifted() {
        return shifted;
    }

    /** The other weights that the plan wants rounded with regard to data, each with the reason. */
    Map<String, String> nearest() {
        return nearest;
    }

    private void visit(Node node) {
        int stage = 0;
        for (Value input : ReadValues.of(node)) {
            stage = Math.max(stage, stages.getOrDefault(input, 0));
        }
        WeightPlan plan = node.input(1) == null ? null : plans.get(weightName(node));
        if (plan != null) {
            Optional<LinearLayer> layer = LinearLayer.of(node, constants);
            Optional<String> obstacle = obstacle(node, plan, layer.orElse(null));
            if (obstacle.isPresent() || layer.isEmpty()) {
                obstacle.ifPresent(reason -> nearest.put(plan.tensor(), reason));
                if (layer.isPresent() && isShifted(node, layer.get())) {
                    shifted.add(new LayerSite(layer.get(), plan, stage, null));
                    stage++;
                }
            } else {
                nearest.remove(plan.tensor());
                found.add(new LayerSite(layer.get(), plan, stage, null));
                stage++;
            }
        }
        for (Value output : node.outputs()) {
            if (output != null) {
                stages.put(output, stage);
            }
        }
    }

    private boolean isShifted(Node node, LinearLayer layer) {
        return labels.getOrDefault(Labels.of(node), 0) == 1
                && !node.is("Gemm")
                && (layer.hasBias() || !node.is("MatMul"));
    }

    private static String weightName(Node node) {
        Value weight = node.input(1);
        return weight == null ? "" : weight.name();
    }

    private Optional<String> obstacle(Node node, WeightPlan plan, @Nullable LinearLayer layer) {
        if (layer == null) {
            return Optional.of("a " + node.opType() + " is not rounded with regard to data");
        }
        if (plan.uses().size() != 1) {
            return Optional.of("several nodes read it");
        }
        if (labels.getOrDefault(Labels.of(node), 0) != 1) {
            return Optional.of("its node has no name of its own");
        }
        if (node.is("ConvTranspose") || (layer.isConvolution() && layer.weightRank() > 4)) {
            return Optional.of("only convolutions in one or two dimensions are");
        }
        if (node.is("Gemm") && node.intAttribute("transA", 0) != 0) {
            return Optional.of("its inputs are turned over");
        }
        if (node.is("Gemm") && node.floatAttribute("alpha", 1) != 1) {
            return Optional.of("its products are scaled");
        }
        if (WeightPlaces.of(layer).columns() > GramMatrix.WIDEST) {
            return Optional.of("it has more than " + GramMatrix.WIDEST + " inputs");
        }
        return Optional.empty();
    }

    private LayerSite withResidual(LayerSite site) {
        Value output = site.layer().output();
        Node reader = SoleReader.of(output);
        if (reader == null || !reader.is("Add") || labels.getOrDefault(Labels.of(reader), 0) != 1) {
            return site;
        }
        int other = reader.input(0) == output ? 1 : 0;
        Value added = reader.input(other);
        if (added == null
                || constants.resolve(added).isPresent()
                || stages.getOrDefault(added, 0) > site.stage()) {
            return site;
        }
        return new LayerSite(
                site.layer(),
                site.plan(),
                site.stage(),
                new LayerSite.Residual(Labels.of(reader), reader.onlyOutput().name(), other));
    }
}
