package dev.fewbit.planning;

import dev.fewbit.Activations;
import dev.fewbit.Recipe;
import dev.fewbit.core.findings.SkippedWeight;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Grouping;
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

    private Planner() {}

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
        List<WeightPlan> weights = new ArrayList<>();
        List<SkippedWeight> skipped = new ArrayList<>();
        for (WeightSite site : WeightSites.find(model)) {
            Optional<String> reason =
                    Eligibility.obstacle(model, site)
                            .or(() -> Optional.ofNullable(floatWeights.get(site.name())));
            if (reason.isPresent()) {
                skipped.add(skip(site, reason.get()));
                continue;
            }
            WeightPlan plan = plan(site, recipe, smallTableBytes, arithmetic);
            Optional<String> notWorthIt = WeightBudget.obstacle(site, plan);
            if (notWorthIt.isPresent()) {
                skipped.add(skip(site, notWorthIt.get()));
            } else {
                weights.add(plan);
            }
        }
        String name = model.source() == null ? "" : String.valueOf(model.source().getFileName());
        return new Plan(name, recipe.describe(), recipe.seed(), weights, skipped);
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

    private static WeightPlan plan(
            WeightSite site, Recipe recipe, long smallTableBytes, NodeArithmetic arithmetic) {
        boolean table = site.leadingUse().role() == WeightRole.TABLE;
        Affine format = recipe.weights();
        Grouping wanted = table ? recipe.tableGrouping() : recipe.grouping();
        Grouping grouping = BlockFitting.fit(site, wanted);

        List<Encoding> ideal = new ArrayList<>();
        for (WeightUse use : site.uses()) {
            ideal.add(ideal(site, use, recipe, grouping, smallTableBytes, arithmetic));
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
            boolean possible =
                    EncodingRules.obstacle(site, use, ideal.get(i), format, grouping).isEmpty();
            Encoding encoding = possible ? ideal.get(i) : Encoding.FOLDED;
            uses.add(new UsePlan(Labels.of(use.node()), use.node().opType(), encoding));
        }
        return new WeightPlan(
                site.name(),
                shape(site),
                format,
                grouping,
                recipe.range(),
                uses,
                PlanReasons.of(site, uses, recipe, arithmetic));
    }

    private static Encoding ideal(
            WeightSite site,
            WeightUse use,
            Recipe recipe,
            Grouping grouping,
            long smallTableBytes,
            NodeArithmetic arithmetic) {
        Affine format = recipe.weights();
        Encoding wanted;
        if (use.role() == WeightRole.TABLE) {
            wanted =
                    site.tensor().byteSize() <= smallTableBytes
                            ? Encoding.FOLDED
                            : Encoding.GATHERED_ROWS;
        } else if (arithmetic.isInteger(use.node())) {
            return Encoding.INTEGER;
        } else if (recipe.activations() != Activations.DYNAMIC || !use.isRightOperand()) {
            wanted = Encoding.FOLDED;
        } else {
            boolean kernel = format.bits() == 8 && format.symmetric() && grouping.size() == 0;
            wanted = kernel ? Encoding.DYNAMIC_MATMUL : Encoding.DEQUANTIZED_MATMUL;
        }
        return EncodingRules.obstacle(site, use, wanted, format, grouping).isEmpty()
                ? wanted
                : Encoding.FOLDED;
    }
}
