package dev.fewbit.onnx.encode;

import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;

import java.util.ArrayList;
import java.util.List;

/**
 * A node whose data input the encoded network rounds to levels of its own, right before the node.
 *
 * @param node the node
 * @param levels those levels, under the name of the value that it reads
 */
public record RoundedInput(Node node, ActivationPlan levels) {

    /**
     * All that a plan rounds, in the order of the graph.
     *
     * @param model the prepared and corrected float model; stays as it is
     * @throws EncodingException if the plan does not fit the model
     */
    public static List<RoundedInput> of(Model model, Plan plan) {
        List<RoundedInput> found = new ArrayList<>();
        IntegerGraph.of(model, plan)
                .inputs()
                .forEach((node, levels) -> found.add(new RoundedInput(node, levels)));
        return found;
    }
}
