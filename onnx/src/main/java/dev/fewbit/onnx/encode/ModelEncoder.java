package dev.fewbit.onnx.encode;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.GroupGeometry;
import dev.fewbit.core.quantize.RoundedWeights;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.opset.OpsetRaiser;
import dev.fewbit.onnx.weight.WeightSite;
import dev.fewbit.onnx.weight.WeightSites;
import dev.fewbit.onnx.weight.WeightUse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Carries out a plan on a model: the graph is rewritten at once, the weights are quantized when the
 * model is written.
 *
 * <p>What the plan does not mention stays as it is. Nodes keep their outputs, so every value of the
 * float network that is not a weight has the same name in the quantized one.
 */
public final class ModelEncoder {
    private final Model model;
    private final Measuring measuring;
    private final RoundedWeights rounded;
    private final ScratchPool scratches = new ScratchPool();

    /**
     * @param model the float model; is changed
     * @param measuring what is found out about the weights on the way
     */
    public ModelEncoder(Model model, Measuring measuring) {
        this(model, measuring, RoundedWeights.NONE);
    }

    /**
     * @param model the float model; is changed
     * @param measuring what is found out about the weights on the way
     * @param rounded weights that something else has rounded; their codes are stored as they are,
     *     and measured against the floats like others. They are asked for while the model is
     *     written.
     */
    public ModelEncoder(Model model, Measuring measuring, RoundedWeights rounded) {
        this.model = model;
        this.measuring = measuring;
        this.rounded = rounded;
    }

    /**
     * Rewrites the graph.
     *
     * @return the quantized weights in the order of the plan
     * @throws dev.fewbit.onnx.opset.OpsetException if an encoding needs a newer opset than the
     *     model can be raised to
     * @throws EncodingException if the plan does not fit the model; the model is then unchanged, or
     *     raised to a newer opset at most
     */
    public List<EncodedWeight> encode(Plan plan) {
        Map<String, WeightSite> before = sitesByName();
        plan.weights().forEach(weight -> check(weight, siteOf(weight, before)));
        IntegerGraph planned = IntegerGraph.of(model, plan);
        IntegerCheck.check(planned, plan, before);
        int highestOpset = ActivationOpset.highest(model, plan.graph());
        boolean raised = raiseOpset(plan, before, highestOpset);
        Map<String, WeightSite> sites = raised ? sitesByName() : before;
        IntegerGraph integers = raised ? IntegerGraph.of(model, plan) : planned;
        IntegerBiases biases = IntegerBiases.of(integers, plan, sites);
        EncodingContext context = new EncodingContext(model);
        List<EncodedWeight> encoded = new ArrayList<>();
        for (WeightPlan weight : plan.weights()) {
            WeightSite site = siteOf(weight, sites);
            WeightLayout layout = WeightLayout.of(site, weight, highestOpset);
            encoded.add(encode(context, weight, site, layout, biases.of(weight)));
        }
        biases.storeOthers();
        ProductSums.apply(integers, model);
        ActivationQuantizer.apply(integers, context, model.graph());
        if (!integers.activations().isEmpty()) {
            FloatLayerGuard.apply(model);
        }
        if (!model.graph().isSorted()) {
            model.graph().sort();
        }
        model.graph().verify();
        return encoded;
    }

    private Map<String, WeightSite> sitesByName() {
        Map<String, WeightSite> sites = new HashMap<>();
        WeightSites.find(model).forEach(site -> sites.putIfAbsent(site.name(), site));
        return sites;
    }

    private static WeightSite siteOf(WeightPlan weight, Map<String, WeightSite> sites) {
        WeightSite site = sites.get(weight.tensor());
        if (site == null) {
            throw new EncodingException(
                    "the plan quantizes tensor '"
                            + weight.tensor()
                            + "', but the model has no constant float tensor of that name; is it"
                            + " the plan of another model?");
        }
        return site;
    }

    private static void check(WeightPlan weight, WeightSite site) {
        List<Long> shape = Arrays.stream(site.tensor().shape()).boxed().toList();
        if (!shape.equals(weight.shape())) {
            throw new EncodingException(
                    "tensor '"
                            + weight.tensor()
                            + "' has shape "
                            + shape
                            + ", but the plan says "
                            + weight.shape()
                            + "; is it the plan of another model?");
        }
        if (weight.uses().size() != site.uses().size()) {
            throw new EncodingException(
                    "tensor '"
                            + weight.tensor()
                            + "' is read by "
                            + site.uses().size()
                            + " nodes, but the plan names "
                            + weight.uses().size()
                            + "; make a new plan");
        }
        for (int i = 0; i < weight.uses().size(); i++) {
            check(weight, site, weight.uses().get(i), site.uses().get(i));
        }
    }

    private static void check(WeightPlan weight, WeightSite site, UsePlan planned, WeightUse use) {
        if (!planned.node().equals(Labels.of(use.node()))) {
            throw new EncodingException(
                    "tensor '"
                            + weight.tensor()
                            + "' is read by node '"
                            + Labels.of(use.node())
                            + "', but the plan says '"
                            + planned.node()
                            + "'; make a new plan");
        }
        Optional<String> obstacle =
                EncodingRules.obstacle(
                        site, use, planned.encoding(), weight.format(), weight.grouping());
        if (obstacle.isPresent()) {
            throw new EncodingException(
                    "tensor '"
                            + weight.tensor()
                            + "' cannot be "
                            + weight.format().label()
                            + " per "
                            + weight.grouping()
                            + " as "
                            + planned.encoding()
                            + " for "
                            + use.node().opType()
                            + " '"
                            + planned.node()
                            + "': "
                            + obstacle.get());
        }
    }

    private boolean raiseOpset(Plan plan, Map<String, WeightSite> sites, int highestOpset) {
        int needed = ActivationOpset.minimum(plan.graph());
        for (WeightPlan weight : plan.weights()) {
            WeightSite site = siteOf(weight, sites);
            WeightLayout layout = WeightLayout.of(site, weight, highestOpset);
            for (UsePlan use : weight.uses()) {
                needed = Math.max(needed, minimumOpset(weight, site, use.encoding(), layout));
            }
        }
        ActivationOpset.check(plan.graph(), Math.max(model.opset("").orElse(0), needed));
        if (model.opset("").orElse(0) >= needed) {
            return false;
        }
        OpsetRaiser.raise(model, needed);
        return true;
    }

    private static int minimumOpset(
            WeightPlan weight, WeightSite site, Encoding encoding, WeightLayout layout) {
        GroupGeometry geometry = site.geometry(weight.grouping());
        return switch (encoding) {
            case DYNAMIC_MATMUL -> DynamicMatMul.minimumOpset(layout);
            case DEQUANTIZED_MATMUL -> DequantizedMatMul.minimumOpset(weight.grouping(), layout);
            case INTEGER -> IntegerWeight.minimumOpset(layout);
            case FOLDED -> FoldedWeight.minimumOpset(layout, geometry);
            case GATHERED_ROWS -> GatheredRows.minimumOpset(layout, geometry);
        };
    }

    private EncodedWeight encode(
            EncodingContext context,
            WeightPlan weight,
            WeightSite site,
            WeightLayout layout,
            List<IntegerBias> biases) {
        WeightFiller filler =
                new WeightFiller(site, weight, layout, measuring, scratches, rounded, biases);
        StoredWeight stored = filler.store();
        filler.connectBiases();
        Value folded = null;
        for (int i = 0; i < site.uses().size(); i++) {
            WeightUse use = site.uses().get(i);
            switch (weight.uses().get(i).encoding()) {
                case DYNAMIC_MATMUL -> DynamicMatMul.apply(context, stored, use);
                case DEQUANTIZED_MATMUL -> DequantizedMatMul.apply(context, stored, use);
                case GATHERED_ROWS -> GatheredRows.apply(context, stored, use);
                case INTEGER -> IntegerWeight.apply(context, stored, use);
                case FOLDED -> {
                    // Readers behind a Transpose or Identity follow when the value at its root is
                    // replaced below.
                    if (folded == null) {
                        folded = FoldedWeight.build(context, stored);
                    }
                }
            }
        }
        DeadWeights.remove(site, folded);
        return EncodedWeight.of(weight, site, filler);
    }
}
