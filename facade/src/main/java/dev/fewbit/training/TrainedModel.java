package dev.fewbit.training;

import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.quantize.RoundedWeights;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Value;

import java.util.Set;

/**
 * A network that was trained, ready to be encoded.
 *
 * @param model the prepared and corrected float network with the learned constants
 * @param rescaled values of it that mean something else than in the float model
 * @param plan what is still to be done to it
 * @param weights the learned codes
 */
public record TrainedModel(Model model, Set<Value> rescaled, Plan plan, RoundedWeights weights) {}
