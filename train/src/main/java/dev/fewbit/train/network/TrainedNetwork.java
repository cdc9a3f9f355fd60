package dev.fewbit.train.network;

import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.OperatorPlan;
import dev.fewbit.core.quantize.RoundedWeight;

import java.util.List;
import java.util.Map;

/**
 * What came of a training.
 *
 * @param constants the learned float constants by name, the shadows of rounded weights among them
 * @param weights the rounded weights by name
 * @param activations the levels of activations, in the order of the plan
 * @param operators the operators with the levels of their inputs, in the order of the plan
 */
public record TrainedNetwork(
        Map<String, float[]> constants,
        Map<String, RoundedWeight> weights,
        List<ActivationPlan> activations,
        List<OperatorPlan> operators) {}
