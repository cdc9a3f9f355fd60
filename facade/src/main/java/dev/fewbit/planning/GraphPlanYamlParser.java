package dev.fewbit.planning;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Correction.ChannelAxis;
import dev.fewbit.core.plan.GraphPlan;
import dev.fewbit.core.plan.InputPlan;
import dev.fewbit.core.plan.OperatorPlan;
import dev.fewbit.core.plan.OperatorPlan.Arithmetic;
import dev.fewbit.core.plan.Preparation;

import org.snakeyaml.engine.v2.nodes.Node;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what {@link GraphPlanYaml} writes. */
final class GraphPlanYamlParser {
    private final YamlNodes yaml;

    GraphPlanYamlParser(YamlNodes yaml) {
        this.yaml = yaml;
    }

    /** The graph's part of a plan from the plan's fields. */
    GraphPlan parse(Map<String, Node> fields) {
        return new GraphPlan(
                yaml.optionalList(
                        fields, "preparation", node -> yaml.word(node, Preparation::ofLabel)),
                yaml.optionalList(fields, "corrections", this::correction),
                yaml.optionalList(fields, "activations", this::activation),
                yaml.optionalList(fields, "operators", this::operator));
    }

    private Correction correction(Node node) {
        Map<String, Node> fields =
                yaml.fields(
                        node,
                        Set.of(
                                "kind",
                                "value",
                                "divide",
                                "multiply",
                                "factors",
                                "node",
                                "shift",
                                "reason"));
        String kind = yaml.text(yaml.required(node, fields, "kind"));
        return switch (kind) {
            case GraphPlanYaml.SMOOTHING ->
                    yaml.checked(
                            node,
                            () ->
                                    new Correction.ChannelScaling(
                                            yaml.text(yaml.required(node, fields, "value")),
                                            yaml.list(
                                                    yaml.required(node, fields, "divide"),
                                                    this::channelAxis),
                                            yaml.list(
                                                    yaml.required(node, fields, "multiply"),
                                                    this::channelAxis),
                                            yaml.word(
                                                    yaml.required(node, fields, "factors"),
                                                    FloatText::parse),
                                            yaml.optionalText(fields, "reason")));
            case GraphPlanYaml.BIAS ->
                    yaml.checked(
                            node,
                            () ->
                                    new Correction.BiasShift(
                                            yaml.text(yaml.required(node, fields, "node")),
                                            yaml.word(
                                                    yaml.required(node, fields, "shift"),
                                                    FloatText::parse),
                                            yaml.optionalText(fields, "reason")));
            case GraphPlanYaml.GAIN ->
                    yaml.checked(
                            node,
                            () ->
                                    new Correction.ChannelGain(
                                            yaml.text(yaml.required(node, fields, "node")),
                                            yaml.word(
                                                    yaml.required(node, fields, "factors"),
                                                    FloatText::parse),
                                            yaml.optionalText(fields, "reason")));
            default ->
                    throw yaml.complaint(
                            node,
                            "unknown correction '"
                                    + kind
                                    + "'; expected one of "
                                    + GraphPlanYaml.SMOOTHING
                                    + ", "
                                    + GraphPlanYaml.BIAS
                                    + ", "
                                    + GraphPlanYaml.GAIN);
        };
    }

    private ChannelAxis channelAxis(Node node) {
        Map<String, Node> fields = yaml.fields(node, Set.of("tensor", "axis"));
        return new ChannelAxis(
                yaml.text(yaml.required(node, fields, "tensor")),
                yaml.integer(yaml.required(node, fields, "axis")));
    }

    private ActivationPlan activation(Node node) {
        Map<String, Node> fields =
                yaml.fields(
                        node, Set.of("value", "format", "scale", "zero-point", "range", "reason"));
        return yaml.checked(
                node,
                () ->
                        new ActivationPlan(
                                yaml.text(yaml.required(node, fields, "value")),
                                format(node, fields),
                                parameters(node, fields),
                                yaml.optionalText(fields, "range"),
                                yaml.optionalText(fields, "reason")));
    }

    private Affine format(Node node, Map<String, Node> fields) {
        return yaml.word(yaml.required(node, fields, "format"), PlanWords::parseAffine);
    }

    private AffineParameters parameters(Node node, Map<String, Node> fields) {
        return new AffineParameters(
                yaml.decimal(yaml.required(node, fields, "scale")),
                yaml.integer(yaml.required(node, fields, "zero-point")));
    }

    private OperatorPlan operator(Node node) {
        Map<String, Node> fields =
                yaml.fields(node, Set.of("node", "operator", "arithmetic", "input", "reason"));
        return yaml.checked(
                node,
                () ->
                        new OperatorPlan(
                                yaml.text(yaml.required(node, fields, "node")),
                                yaml.text(yaml.required(node, fields, "operator")),
                                yaml.word(
                                        yaml.required(node, fields, "arithmetic"),
                                        Arithmetic::ofLabel),
                                Optional.ofNullable(fields.get("input")).map(this::input),
                                yaml.optionalText(fields, "reason")));
    }

    private InputPlan input(Node node) {
        Map<String, Node> fields =
                yaml.fields(node, Set.of("format", "scale", "zero-point", "range", "reason"));
        return yaml.checked(
                node,
                () ->
                        new InputPlan(
                                format(node, fields),
                                parameters(node, fields),
                                yaml.optionalText(fields, "range"),
                                yaml.optionalText(fields, "reason")));
    }
}
