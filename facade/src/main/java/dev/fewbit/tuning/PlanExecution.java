package dev.fewbit.tuning;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.quantize.RoundedWeights;
import dev.fewbit.onnx.correct.GraphCorrector;
import dev.fewbit.onnx.encode.EncodedWeight;
import dev.fewbit.onnx.encode.ModelEncoder;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.prepare.GraphPreparation;
import dev.fewbit.runtime.constant.RuntimeConstants;

import java.util.List;
import java.util.Set;

/** Carries out plans. */
public final class PlanExecution {
    private PlanExecution() {}

    /**
     * Turns a float model into what a plan says; weights are quantized when the model is written.
     *
     * @param model the float model; is changed
     * @param plan a plan for it
     * @param measuring what is found out about the weights on the way
     * @return the quantized weights in the order of the plan
     */
    public static List<EncodedWeight> apply(Model model, Plan plan, Measuring measuring) {
        return apply(model, plan, measuring, RoundedWeights.NONE);
    }

    /**
     * The same with some weights rounded already.
     *
     * @param rounded those; all others are rounded to the nearest level
     */
    public static List<EncodedWeight> apply(
            Model model, Plan plan, Measuring measuring, RoundedWeights rounded) {
        prepare(model, plan);
        return applyPrepared(model, plan, measuring, rounded);
    }

    /** The first step alone: the model as it is before anything is quantized. */
    public static void prepare(Model model, Plan plan) {
        if (!plan.graph().preparation().isEmpty()) {
            new GraphPreparation(new RuntimeConstants()).apply(model, plan.graph().preparation());
        }
    }

    /** The same for a model that went through the plan's preparation already. */
    public static List<EncodedWeight> applyPrepared(
            Model model, Plan plan, Measuring measuring, RoundedWeights rounded) {
        Set<Value> rescaled = GraphCorrector.apply(model, plan.graph().corrections());
        return applyCorrected(model, rescaled, plan, measuring, rounded);
    }

    /**
     * The same for a model that went through the plan's corrections, too.
     *
     * @param rescaled values that the corrections gave another meaning
     */
    public static List<EncodedWeight> applyCorrected(
            Model model,
            Set<Value> rescaled,
            Plan plan,
            Measuring measuring,
            RoundedWeights rounded) {
        List<EncodedWeight> encoded = new ModelEncoder(model, measuring, rounded).encode(plan);
        rename(model, rescaled);
        return encoded;
    }

    /**
     * Values of the same name in both models are compared, so those that mean something else need
     * another name. Plans know them by their old names.
     */
    private static void rename(Model model, Set<Value> rescaled) {
        for (Value value : rescaled) {
            if (value.graph() != null && !value.isGraphOutput()) {
                value.setName(model.graph().freshName(value.name() + "/rescaled"));
            }
        }
    }
}
