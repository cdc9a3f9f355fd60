package dev.fewbit.cli.show;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.findings.SkippedWeight;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.OperatorPlan;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.Preparation;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.planning.PlanWords;

/** A plan as a JSON document, with the field names and words of its YAML. */
public final class PlanJson {

    private PlanJson() {}

    /** The document. */
    public static String write(Plan plan) {
        return new JsonWriter()
                .object()
                .field("fewbit-plan", 1)
                .field("model", plan.model())
                .field("recipe", plan.recipe())
                .field("seed", plan.seed())
                .field(
                        "preparation",
                        plan.graph().preparation().stream().map(Preparation::label).toList())
                .objects("corrections", plan.graph().corrections(), PlanJson::correction)
                .objects("activations", plan.graph().activations(), PlanJson::activation)
                .objects("operators", plan.graph().operators(), PlanJson::operator)
                .objects("weights", plan.weights(), PlanJson::weight)
                .objects("skipped", plan.skipped(), PlanJson::skipped)
                .endObject()
                .toString();
    }

    private static void correction(JsonWriter json, Correction correction) {
        switch (correction) {
            case Correction.ChannelScaling scaling ->
                    json.field("kind", "smoothing")
                            .field("value", scaling.value())
                            .field("channels", scaling.factors().size())
                            .field("divided", scaling.divided().size())
                            .field("multiplied", scaling.multiplied().size());
            case Correction.BiasShift bias ->
                    json.field("kind", "bias")
                            .field("node", bias.node())
                            .field("channels", bias.shift().size());
            case Correction.ChannelGain gain ->
                    json.field("kind", "gain")
                            .field("node", gain.node())
                            .field("channels", gain.factors().size());
        }
        json.field("reason", correction.reason());
    }

    private static void activation(JsonWriter json, ActivationPlan activation) {
        json.field("value", activation.value());
        levels(json, activation.format(), activation.parameters());
        json.field("range", activation.range()).field("reason", activation.reason());
    }

    private static void operator(JsonWriter json, OperatorPlan operator) {
        json.field("node", operator.node())
                .field("operator", operator.operator())
                .field("arithmetic", operator.arithmetic().label());
        operator.input()
                .ifPresent(
                        input -> {
                            json.object("input");
                            levels(json, input.format(), input.parameters());
                            json.field("range", input.range())
                                    .field("reason", input.reason())
                                    .endObject();
                        });
        json.field("reason", operator.reason());
    }

    private static void levels(JsonWriter json, Affine format, AffineParameters parameters) {
        json.field("format", PlanWords.format(format))
                .field("scale", parameters.scale())
                .field("zero-point", parameters.zeroPoint());
    }

    private static void weight(JsonWriter json, WeightPlan weight) {
        json.field("tensor", weight.tensor())
                .field("shape", weight.shape())
                .field("format", PlanWords.format(weight.format()))
                .field("granularity", weight.grouping().toString())
                .field("range", PlanWords.range(weight.range()))
                .objects("uses", weight.uses(), PlanJson::use)
                .field("reason", weight.reason());
    }

    private static void use(JsonWriter json, UsePlan use) {
        json.field("node", use.node())
                .field("operator", use.operator())
                .field("encoding", use.encoding().label());
    }

    /** Writes the fields of a weight that stays as it is. */
    static void skipped(JsonWriter json, SkippedWeight skipped) {
        json.field("tensor", skipped.tensor())
                .field("operator", skipped.operator())
                .field("shape", skipped.shape())
                .field("bytes", skipped.bytes())
                .field("reason", skipped.reason());
    }
}
