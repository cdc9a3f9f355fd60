package dev.fewbit.onnx.encode;

import dev.fewbit.core.plan.ActivationPlan;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A value that the encoded network rounds to the levels of its plan.
 *
 * @param value the value
 * @param plan its levels
 * @param forAll whether all who read it see it rounded, as where integer kernels make it; else only
 *     the readers do
 * @param readers nodes that read it on integer kernels
 * @param origin the value whose codes it has, with the same levels: another one where a node only
 *     moved them, which needs no rounding then
 */
public record RoundedActivation(
        Value value, ActivationPlan plan, boolean forAll, Set<Node> readers, Value origin) {

    /** Copies the set. */
    public RoundedActivation {
        readers = Set.copyOf(readers);
    }

    /**
     * All that a plan rounds, in the order of the plan; what nobody sees rounded is left out.
     *
     * @param model the prepared and corrected float model; stays as it is
     * @throws EncodingException if the plan does not fit the model
     */
    public static List<RoundedActivation> of(Model model, Plan plan) {
        IntegerGraph graph = IntegerGraph.of(model, plan);
        List<RoundedActivation> found = new ArrayList<>();
        for (Map.Entry<Value, ActivationPlan> entry : graph.activations().entrySet()) {
            Value value = entry.getKey();
            boolean constant = graph.constants().resolve(value).isPresent();
            boolean forAll = !constant && graph.isInteger(value.producer());
            Set<Node> readers = new LinkedHashSet<>(graph.integerReaders(value));
            if (forAll || !readers.isEmpty()) {
                found.add(
                        new RoundedActivation(
                                value, entry.getValue(), forAll, readers, graph.origin(value)));
            }
        }
        return found;
    }
}
