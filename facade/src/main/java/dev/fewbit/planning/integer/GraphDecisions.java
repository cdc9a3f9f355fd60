package dev.fewbit.planning.integer;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.InputPlan;
import dev.fewbit.core.plan.OperatorPlan;
import dev.fewbit.core.plan.OperatorPlan.Arithmetic;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.planning.integer.ActivationLevels.Wanted;
import dev.fewbit.runtime.calibrate.Statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What a plan says of values and nodes, when it is settled which of them are quantized. */
final class GraphDecisions {
    private final IntegerRegions regions;
    private final Map<Value, Value> sources;
    private final IntegerChoices choices;
    private final NarrowInputs narrow;

    /**
     * @param sources each quantized value with the one that decides its levels
     */
    GraphDecisions(
            IntegerRegions regions,
            Map<Value, Value> sources,
            IntegerChoices choices,
            NarrowInputs narrow) {
        this.regions = regions;
        this.sources = sources;
        this.choices = choices;
        this.narrow = narrow;
    }

    /** Finds the levels of all values and inputs. */
    ActivationLevels levels(Statistics statistics, FoundLevels found) {
        List<Wanted> wanted = new ArrayList<>();
        sources.values().forEach(source -> wanted.add(wanted(source)));
        for (IntegerNode integer : regions.integers()) {
            if (narrow.roundsInput(integer.node())) {
                wanted.add(wantedBy(integer.node()));
            }
        }
        ActivationLevels levels =
                new ActivationLevels(regions.constants(), statistics, choices, found);
        levels.search(wanted);
        return levels;
    }

    private Wanted wanted(Value source) {
        return new Wanted(
                source, narrow.isNarrow(source) ? choices.format() : choices.valueFormat());
    }

    private Wanted wantedBy(Node layer) {
        Value input = Objects.requireNonNull(layer.input(0));
        return new Wanted(Objects.requireNonNull(sources.get(input)), choices.format());
    }

    /** The values that are quantized. */
    List<ActivationPlan> activations(ActivationLevels levels) {
        List<ActivationPlan> plans = new ArrayList<>();
        sources.forEach(
                (value, source) -> {
                    ActivationPlan found = levels.of(wanted(source));
                    String reason =
                            value == source ? found.reason() : "moved from " + source.name();
                    plans.add(
                            new ActivationPlan(
                                    value.name(),
                                    found.format(),
                                    found.parameters(),
                                    found.range(),
                                    reason + remark(source)));
                });
        return plans;
    }

    private String remark(Value source) {
        return narrow.isNarrow(source)
                ? "; nothing but layers of %d bits reads it".formatted(choices.format().bits())
                : "";
    }

    /** How the nodes compute that compute with activations. */
    List<OperatorPlan> operators(Model model, ActivationLevels levels) {
        List<OperatorPlan> operators = new ArrayList<>();
        for (Node node : model.graph().nodes()) {
            IntegerNode.Part part = regions.part(node);
            if (part != null) {
                operators.add(
                        new OperatorPlan(
                                Labels.of(node),
                                node.opType(),
                                Arithmetic.INTEGER,
                                input(node, levels),
                                reason(part) + keptRemark(node)));
            } else if (Computations.contains(node)) {
                operators.add(
                        new OperatorPlan(
                                Labels.of(node),
                                node.opType(),
                                Arithmetic.FLOAT,
                                regions.floatReason(node).orElse("")));
            }
        }
        return operators;
    }

    private Optional<InputPlan> input(Node node, ActivationLevels levels) {
        if (!narrow.roundsInput(node)) {
            return Optional.empty();
        }
        ActivationPlan found = levels.of(wantedBy(node));
        Affine others = choices.valueFormat();
        return Optional.of(
                new InputPlan(
                        found.format(),
                        found.parameters(),
                        found.range(),
                        "%s; others read it with %d bits"
                                .formatted(found.reason(), others.bits())));
    }

    private String keptRemark(Node node) {
        return narrow.keptReason(node)
                .map(
                        reason ->
                                "; reads %d bits instead of %d: %s"
                                        .formatted(
                                                choices.valueFormat().bits(),
                                                choices.format().bits(),
                                                reason))
                .orElse("");
    }

    private static String reason(IntegerNode.Part part) {
        return switch (part) {
            case SEED -> "weights and activations are multiplied as integers";
            case FUSED -> "the kernel before it takes it along";
            case JOIN -> "stands between integer nodes, and has an integer kernel";
            case MOVE -> "stands between integer nodes, and does to codes what it does to numbers";
        };
    }
}
