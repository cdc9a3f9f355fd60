package dev.fewbit.tuning;

import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.InputPlan;
import dev.fewbit.core.plan.OperatorPlan;
import dev.fewbit.core.plan.OperatorPlan.Arithmetic;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.LinearLayer;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a plan says of single weights, values and nodes. */
final class PlanIndex {
    private final Map<String, WeightPlan> weights = new HashMap<>();
    private final Map<String, ActivationPlan> activations = new HashMap<>();
    private final Map<String, InputPlan> inputs = new HashMap<>();
    private final Set<String> integers = new HashSet<>();

    PlanIndex(Plan plan) {
        plan.weights().forEach(each -> weights.put(each.tensor(), each));
        plan.graph().activations().forEach(each -> activations.put(each.value(), each));
        for (OperatorPlan operator : plan.graph().operators()) {
            if (operator.arithmetic() == Arithmetic.INTEGER) {
                integers.add(operator.node());
                operator.input().ifPresent(input -> inputs.put(operator.node(), input));
            }
        }
    }

    /** How a weight is quantized; empty if it stays float. */
    Optional<WeightPlan> weight(String tensor) {
        return Optional.ofNullable(weights.get(tensor));
    }

    /** How the weight of a layer is quantized. */
    Optional<WeightPlan> weightOf(Node layer) {
        Value weight = layer.input(1);
        return weight == null ? Optional.empty() : weight(weight.name());
    }

    /** Whether each output channel of a layer has a scale of its own. */
    boolean hasChannelScales(Node layer) {
        return weightOf(layer).filter(each -> each.grouping().equals(Grouping.CHANNEL)).isPresent();
    }

    /** The levels of what a layer reads; empty if it reads floats. */
    Optional<ActivationPlan> levelsRead(LinearLayer layer) {
        String value = layer.input().name();
        return Optional.ofNullable(inputs.get(Labels.of(layer.node())))
                .map(input -> input.of(value))
                .or(() -> Optional.ofNullable(activations.get(value)));
    }

    /** Whether a node computes in integers. */
    boolean isInteger(Node node) {
        return integers.contains(Labels.of(node));
    }
}
