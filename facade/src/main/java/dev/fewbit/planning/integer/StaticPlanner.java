package dev.fewbit.planning.integer;

import dev.fewbit.Recipe;
import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.GraphPlan;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.Preparation;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.encode.EncodingRules;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightSites;
import dev.fewbit.onnx.weight.WeightUse;
import dev.fewbit.planning.Planner;
import dev.fewbit.runtime.calibrate.Statistics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Plans integer arithmetic for a prepared model: which nodes compute in integers, the levels of the
 * values between them, and the weights.
 */
public final class StaticPlanner {
    private final Model model;
    private final IntegerRegions regions;
    private final Map<Value, Value> sources;
    private final Plan weights;
    private final GraphDecisions decisions;

    /**
     * Looks at a model.
     *
     * @param model the prepared and corrected float model, nodes in order; not changed
     * @param recipe what is wanted
     * @param choices what is settled already
     */
    public StaticPlanner(Model model, Recipe recipe, IntegerChoices choices) {
        this.model = model;
        Map<String, String> keptFloat = new LinkedHashMap<>(FirstConvolution.find(model));
        keptFloat.putAll(choices.keptFloat());
        Map<String, String> floatWeights = choices.floatWeights();
        IntegerRegions found = IntegerRegions.of(model, keptFloat);
        Plan plan = Planner.plan(model, recipe, found, floatWeights);
        Map<String, String> impossible = withoutIntegerWeights(model, plan, found);
        if (!impossible.isEmpty()) {
            keptFloat.putAll(impossible);
            found = IntegerRegions.of(model, keptFloat);
            plan = Planner.plan(model, recipe, found, floatWeights);
        }
        this.regions = found;
        this.weights = withRanges(plan, choices.weightRanges());
        this.sources = QuantizedValues.of(found);
        this.decisions =
                new GraphDecisions(
                        found,
                        sources,
                        choices,
                        NarrowInputs.of(model, recipe, choices.format(), found, sources));
    }

    private static Plan withRanges(Plan plan, Map<String, RangeMethod> ranges) {
        if (ranges.isEmpty()) {
            return plan;
        }
        List<WeightPlan> weights = new ArrayList<>();
        for (WeightPlan weight : plan.weights()) {
            RangeMethod range = ranges.get(weight.tensor());
            weights.add(range == null ? weight : weight.with(range));
        }
        return new Plan(
                plan.model(), plan.recipe(), plan.seed(), plan.graph(), weights, plan.skipped());
    }

    /** Layers whose weights cannot be encoded for an integer kernel, each with the reason. */
    private static Map<String, String> withoutIntegerWeights(
            Model model, Plan plan, IntegerRegions regions) {
        Set<String> encoded = new HashSet<>();
        for (WeightPlan weight : plan.weights()) {
            for (UsePlan use : weight.uses()) {
                if (use.encoding() == Encoding.INTEGER) {
                    encoded.add(use.node());
                }
            }
        }
        Map<String, String> impossible = new LinkedHashMap<>();
        for (IntegerNode integer : regions.integers()) {
            String label = Labels.of(integer.node());
            if (integer.hasWeights() && !encoded.contains(label)) {
                impossible.put(label, "its weights cannot be stored for an integer kernel");
            }
        }
        if (!impossible.isEmpty()) {
            explain(impossible, model, plan);
        }
        return impossible;
    }

    private static void explain(Map<String, String> impossible, Model model, Plan plan) {
        Map<String, WeightPlan> planned = new HashMap<>();
        plan.weights().forEach(weight -> planned.put(weight.tensor(), weight));
        for (WeightSite site : WeightSites.find(model)) {
            WeightPlan weight = planned.get(site.name());
            if (weight == null) {
                continue;
            }
            for (WeightUse use : site.uses()) {
                EncodingRules.obstacle(
                                site, use, Encoding.INTEGER, weight.format(), weight.grouping())
                        .ifPresent(
                                obstacle ->
                                        impossible.computeIfPresent(
                                                Labels.of(use.node()),
                                                (label, reason) -> reason + ": " + obstacle));
            }
        }
    }

    /** Names of the values whose statistics a plan needs, in the order of the graph. */
    public Set<String> observed() {
        Set<String> names = new LinkedHashSet<>();
        for (Value source : sources.values()) {
            if (regions.constants().resolve(source).isEmpty()) {
                names.add(source.name());
            }
        }
        return names;
    }

    /** The nodes with weights that compute in integers, in the order of the graph. */
    public List<Node> integerLayers() {
        return regions.integers().stream()
                .filter(IntegerNode::hasWeights)
                .map(IntegerNode::node)
                .toList();
    }

    /** Whether a node computes in integers. */
    public boolean isInteger(Node node) {
        return regions.part(node) != null;
    }

    /** The weights that are quantized, each with the integer nodes that read it. */
    public List<PlannedLayer> layers() {
        List<PlannedLayer> layers = new ArrayList<>();
        for (WeightPlan weight : weights.weights()) {
            layers.add(
                    new PlannedLayer(
                            weight.tensor(),
                            weight.uses().getFirst().operator(),
                            weight.uses().stream()
                                    .filter(use -> use.encoding() == Encoding.INTEGER)
                                    .map(UsePlan::node)
                                    .toList(),
                            weight.uses().stream().map(UsePlan::node).toList(),
                            weight.shape().stream()
                                    .reduce((long) Float.BYTES, Math::multiplyExact)));
        }
        return layers;
    }

    /**
     * The plan.
     *
     * @param statistics statistics of at least the {@link #observed} values
     * @param preparation passes that the model went through
     * @param corrections corrections that the model went through
     * @param levels levels that were found before for the same statistics; more are added
     * @throws dev.fewbit.FewbitException if statistics are missing
     */
    public Plan plan(
            Statistics statistics,
            List<Preparation> preparation,
            List<Correction> corrections,
            FoundLevels levels) {
        ActivationLevels found = decisions.levels(statistics, levels);
        return weights.with(
                new GraphPlan(
                        preparation,
                        corrections,
                        decisions.activations(found),
                        decisions.operators(model, found)));
    }
}
