package dev.fewbit.planning;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Correction.ChannelAxis;
import dev.fewbit.core.plan.GraphPlan;
import dev.fewbit.core.plan.InputPlan;
import dev.fewbit.core.plan.OperatorPlan;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** The part of a plan about the graph and its activations as YAML; nothing where it is empty. */
final class GraphPlanYaml {
    static final String SMOOTHING = "smoothing";
    static final String BIAS = "bias";
    static final String GAIN = "gain";

    private GraphPlanYaml() {}

    static void append(StringBuilder out, GraphPlan graph) {
        if (!graph.preparation().isEmpty()) {
            out.append("preparation: ").append(graph.preparation()).append('\n');
        }
        section(out, "corrections", graph.corrections(), GraphPlanYaml::correction);
        section(out, "activations", graph.activations(), GraphPlanYaml::activation);
        section(out, "operators", graph.operators(), GraphPlanYaml::operator);
    }

    private static <T> void section(
            StringBuilder out, String name, List<T> elements, BiConsumer<StringBuilder, T> writer) {
        if (!elements.isEmpty()) {
            out.append(name).append(":\n");
            elements.forEach(element -> writer.accept(out, element));
        }
    }

    private static void correction(StringBuilder out, Correction correction) {
        switch (correction) {
            case Correction.ChannelScaling scaling -> {
                out.append("  - kind: ").append(SMOOTHING).append('\n');
                out.append("    value: ").append(PlanYaml.scalar(scaling.value())).append('\n');
                out.append("    divide: ").append(axes(scaling.divided())).append('\n');
                out.append("    multiply: ").append(axes(scaling.multiplied())).append('\n');
                out.append("    factors: ").append(numbers(scaling.factors())).append('\n');
            }
            case Correction.BiasShift bias -> {
                out.append("  - kind: ").append(BIAS).append('\n');
                out.append("    node: ").append(PlanYaml.scalar(bias.node())).append('\n');
                out.append("    shift: ").append(numbers(bias.shift())).append('\n');
            }
            case Correction.ChannelGain gain -> {
                out.append("  - kind: ").append(GAIN).append('\n');
                out.append("    node: ").append(PlanYaml.scalar(gain.node())).append('\n');
                out.append("    factors: ").append(numbers(gain.factors())).append('\n');
            }
        }
        out.append("    reason: ").append(PlanYaml.scalar(correction.reason())).append('\n');
    }

    private static String axes(List<ChannelAxis> axes) {
        return axes.stream()
                .map(
                        each ->
                                "{tensor: "
                                        + PlanYaml.scalar(each.tensor())
                                        + ", axis: "
                                        + each.axis()
                                        + "}")
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String numbers(List<Float> values) {
        return PlanYaml.scalar(FloatText.write(values));
    }

    private static void activation(StringBuilder out, ActivationPlan activation) {
        out.append("  - {value: ").append(PlanYaml.scalar(activation.value()));
        out.append(", ");
        levels(out, activation.format(), activation.parameters());
        out.append(", range: ").append(PlanYaml.scalar(activation.range()));
        out.append(", reason: ").append(PlanYaml.scalar(activation.reason())).append("}\n");
    }

    private static void levels(StringBuilder out, Affine format, AffineParameters parameters) {
        out.append("format: ").append(PlanWords.format(format));
        out.append(", scale: ").append(parameters.scale());
        out.append(", zero-point: ").append(parameters.zeroPoint());
    }

    private static void input(StringBuilder out, InputPlan input) {
        out.append(", input: {");
        levels(out, input.format(), input.parameters());
        out.append(", range: ").append(PlanYaml.scalar(input.range()));
        out.append(", reason: ").append(PlanYaml.scalar(input.reason())).append('}');
    }

    private static void operator(StringBuilder out, OperatorPlan operator) {
        out.append("  - {node: ").append(PlanYaml.scalar(operator.node()));
        out.append(", operator: ").append(PlanYaml.scalar(operator.operator()));
        out.append(", arithmetic: ").append(operator.arithmetic().label());
        operator.input().ifPresent(input -> input(out, input));
        out.append(", reason: ").append(PlanYaml.scalar(operator.reason())).append("}\n");
    }
}
