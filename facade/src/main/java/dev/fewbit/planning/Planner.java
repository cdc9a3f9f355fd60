package dev.fewbit.planning;

import dev.fewbit.Activations;
import dev.fewbit.Recipe;
import dev.fewbit.core.findings.SkippedWeight;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.encode.EncodingRules;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.weight.WeightRole;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightSites;
import dev.fewbit.onnx.weight.WeightUse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Decides for every constant of a model what a recipe means for it. Looks at shapes and readers,
 * not at values.
 */
public final class Planner {
    /**
     * Tables of no more float bytes than this are unpacked when the model is loaded. Looking up
     * integer rows takes a dozen small operators in every run, which shows on short inputs, and
     * saves next to no memory here.
     */
    private static final long SMALL_TABLE_BYTES = 4L << 20;

    private final Recipe recipe;
    private final long smallTableBytes;
    private final NodeArithmetic arithmetic;
    private final FragileLayers fragile;

    private Planner(
            Recipe recipe, long smallTableBytes, NodeArithmetic arithmetic, FragileLayers fragile) {
        this.recipe = recipe;
        this.smallTableBytes = smallTableBytes;
        this.arithmetic = arithmetic;
        this.fragile = fragile;
    }

    /** The plan for a model; it fits this model only. */
    public static Plan plan(Model model, Recipe recipe) {
        return plan(model, recipe, SMALL_TABLE_BYTES);
    }

    /**
     * The weights' part of a plan in which some nodes compute in integers.
     *
     * @param arithmetic which nodes do
     * @param floatWeights names of tensors to leave alone, each with the reason
     */
    public static Plan plan(
            Model model,
            Recipe recipe,
            NodeArithmetic arithmetic,
            Map<String, String> floatWeights) {
        return plan(model, recipe, SMALL_TABLE_BYTES, arithmetic, floatWeights);
    }

    /**
     * The same with another limit for tables that are unpacked when the model is loaded.
     *
     * @param smallTableBytes most float bytes of such a table; 0 for none
     */
    public static Plan plan(Model model, Recipe recipe, long smallTableBytes) {
        return plan(model, recipe, smallTableBytes, NodeArithmetic.FLOAT, Map.of());
    }

    private static Plan plan(
            Model model,
            Recipe recipe,
            long smallTableBytes,
            NodeArithmetic arithmetic,
            Map<String, String> floatWeights) {
        Recipe settled = recipe.forModel(model);
        List<WeightSite> sites = WeightSites.find(model);
        Planner planner =
                new Planner(
                        settled,
                        smallTableBytes,
                        arithmetic,
                        settled.fragile().isPresent()
                                ? FragileLayers.of(model, sites)
                                : FragileLayers.none());
        List<WeightPlan> weights = new ArrayList<>();
        List<SkippedWeight> skipped = new ArrayList<>();
        for (WeightSite site : sites) {
            Optional<String> reason =
                    Eligibility.obstacle(model, site)
                            .or(() -> Optional.ofNullable(floatWeights.get(site.name())));
            if (reason.isPresent()) {
                skipped.add(skip(site, reason.get()));
                continue;
            }
            WeightPlan plan = planner.plan(site);
            Optional<String> notWorthIt = WeightBudget.obstacle(site, plan);
            if (notWorthIt.isPresent()) {
                skipped.add(skip(site, notWorthIt.get()));
            } else {
                weights.add(plan);
            }
        }
        String name = model.source() == null ? "" : String.valueOf(model.source().getFileName());
        return new Plan(name, settled.describe(), settled.seed(), weights, skipped);
    }

    /**
     * A plan with every constant of the model that it does not mention listed as left out by hand.
     */
    public static Plan complete(Model model, Plan plan) {
        Set<String> mentioned = new HashSet<>();
        plan.weights().forEach(weight -> mentioned.add(weight.tensor()));
        List<SkippedWeight> skipped = new ArrayList<>();
        for (SkippedWeight each : plan.skipped()) {
            if (mentioned.add(each.tensor())) {
                skipped.add(each);
            }
        }
        for (WeightSite site : WeightSites.find(model)) {
            if (mentioned.add(site.name())) {
                skipped.add(skip(site, "is not in the plan"));
            }
        }
        return new Plan(
                plan.model(), plan.recipe(), plan.seed(), plan.graph(), plan.weights(), skipped);
    }

    private static SkippedWeight skip(WeightSite site, String reason) {
        return new SkippedWeight(
                site.name(),
                site.leadingUse().node().opType(),
                shape(site),
                site.tensor().byteSize(),
                reason);
    }

    private static List<Long> shape(WeightSite site) {
        return LongStream.of(site.tensor().shape()).boxed().toList();
    }

    private WeightPlan plan(WeightSite site) {
        WeightChoice choice = WeightChoice.of(site, recipe, fragile);
        List<Encoding> ideal = new ArrayList<>();
        for (WeightUse use : site.uses()) {
            ideal.add(ideal(site, use, choice));
        }
        // The runtime fuses only a matrix that one node reads; see DequantizedMatMul.
        if (ideal.stream().filter(Encoding.DEQUANTIZED_MATMUL::equals).count() > 1) {
            ideal.replaceAll(
                    encoding ->
                            encoding == Encoding.DEQUANTIZED_MATMUL ? Encoding.FOLDED : encoding);
        }
        List<UsePlan> uses = new ArrayList<>();
        for (int i = 0; i < ideal.size(); i++) {
            WeightUse use = site.uses().get(i);
            uses.add(new UsePlan(Labels.of(use.node()), use.node().opType(), ideal.get(i)));
        }
        return new WeightPlan(
                site.name(),
                shape(site),
                choice.format(),
                choice.grouping(),
                choice.range(),
                choice.rounding(),
                uses,
                new PlanReasons(site, choice, recipe, arithmetic).of(uses));
    }

    private Encoding ideal(WeightSite site, WeightUse use, WeightChoice choice) {
        return wanted(site, use).stream()
                .filter(
                        encoding ->
                                EncodingRules.obstacle(
                                                site,
                                                use,
                                                encoding,
                                                choice.format(),
                                                choice.grouping())
                                        .isEmpty())
                .findFirst()
                .orElse(Encoding.FOLDED);
    }

    /** The encodings that do better than {@link Encoding#FOLDED}, the best first. */
    private List<Encoding> wanted(WeightSite site, WeightUse use) {
        if (use.role() == WeightRole.TABLE) {
            return site.tensor().byteSize() <= smallTableBytes
                    ? List.of()
                    : List.of(Encoding.GATHERED_ROWS);
        }
        if (arithmetic.isInteger(use.node())) {
            return List.of(Encoding.INTEGER);
        }
        if (recipe.activations() != Activations.DYNAMIC || !use.isRightOperand()) {
            return List.of();
        }
        return List.of(Encoding.DYNAMIC_MATMUL, Encoding.DEQUANTIZED_MATMUL);
    }
}
