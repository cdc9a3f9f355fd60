package dev.fewbit.rounding;

import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.correct.ScalableChannels;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the values whose channels {@link Rounding#AWQ} can scale at no cost. */
final class ScaledInputs {
    private final Constants constants;
    private final Map<String, WeightPlan> weights = new HashMap<>();
    private final Set<String> rounded = new HashSet<>();
    private final List<ScaledInput> found = new ArrayList<>();
    private final Map<String, List<String>> obstacles = new LinkedHashMap<>();

    private ScaledInputs(Model model, Plan plan) {
        this.constants = new Constants(model);
        plan.weights().forEach(each -> weights.put(each.tensor(), each));
        plan.graph().activations().stream().map(ActivationPlan::value).forEach(rounded::add);
        Map<Value, List<LayerSite>> readers = new LinkedHashMap<>();
        for (LayerSite site : LayerSites.of(model, plan).sites()) {
            if (site.plan().rounding() == Rounding.AWQ) {
                readers.computeIfAbsent(site.layer().input(), _ -> new ArrayList<>()).add(site);
            }
        }
        readers.forEach(this::visit);
    }

    /**
     * Looks at a model.
     *
     * @param model the prepared and corrected float model, nodes in order
     * @param plan what is to be done to it
     */
    static ScaledInputs of(Model model, Plan plan) {
        return new ScaledInputs(model, plan);
    }

    /** The values, in the order of the graph. */
    List<ScaledInput> found() {
        return found;
    }

    /** The tensors whose inputs are not scaled, for each reason. */
    Map<String, List<String>> obstacles() {
        return obstacles;
    }

    private void visit(Value value, List<LayerSite> sites) {
        Optional<ScalableChannels.Found> front = Optional.empty();
        String obstacle = null;
        if (!sites.stream().allMatch(LayerSite::isProduct)) {
            obstacle = "only those of products with matrices are";
        } else {
            List<Node> nodes = sites.stream().map(site -> site.layer().node()).toList();
            int channels = LayerBundle.places(sites.getFirst()).columns();
            front = ScalableChannels.before(value, nodes, channels, 0, constants);
            obstacle =
                    front.isEmpty()
                            ? "nothing that makes those can take the factors"
                            : obstacle(front.get());
        }
        if (obstacle == null && front.isPresent()) {
            found.add(new ScaledInput(value.name(), sites, front.get().divided()));
        } else if (obstacle != null) {
            List<String> names = obstacles.computeIfAbsent(obstacle, _ -> new ArrayList<>());
            sites.forEach(site -> names.add(site.plan().tensor()));
        }
    }

    private @Nullable String obstacle(ScalableChannels.Found front) {
        if (front.changed().stream().anyMatch(value -> rounded.contains(value.name()))) {
            return "those are rounded to levels that are known beforehand";
        }
        Node layer = front.layer();
        Value weight = layer == null ? null : layer.input(1);
        WeightPlan plan = weight == null ? null : weights.get(weight.name());
        boolean free =
                plan == null
                        || (plan.grouping().kind() != Grouping.Kind.TENSOR
                                && !(plan.format() instanceof Codebook));
        return free ? null : "the layers in front have one scale or table for many channels";
    }
}
