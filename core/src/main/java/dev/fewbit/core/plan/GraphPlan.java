package dev.fewbit.core.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What was decided for the graph and its activations; empty for plans that touch weights only.
 *
 * <p>Activations name values that the graph computes, its inputs, and constants that are operands
 * like them (of Add, Mul, Concat, Where, left of MatMul). A value that no INTEGER operator makes or
 * reads stays as it is. Without parameters are:
 *
 * <ul>
 *   <li>the value between a node and the Relu or Clip that is its only reader; the two become one
 *       kernel, so the levels are those of the Relu's output. A Relu or Clip in such a place
 *       belongs to the node before it, whether operators name it or not, unless they say FLOAT;
 *   <li>the value between a MatMul and the Add of a constant vector that is its only reader: that
 *       is the product's bias, an int32, and the Add belongs to the product. With parameters for
 *       the product the Add is one of two activations, so the constant needs parameters as well;
 *   <li>the output of a MatMul or Gemm that should give floats.
 * </ul>
 *
 * @param preparation passes that the graph goes through first
 * @param corrections changes of the prepared graph's constants, in the order in which they are made
 * @param activations the values that are quantized with parameters known beforehand, in the order
 *     of the graph
 * @param operators how each node that could compute in integers does compute, in the order of the
 *     graph; all other nodes compute in float
 */
public record GraphPlan(
        List<Preparation> preparation,
        List<Correction> corrections,
        List<ActivationPlan> activations,
        List<OperatorPlan> operators) {

    /** Nothing but weights is touched. */
    public static final GraphPlan NONE = new GraphPlan(List.of(), List.of(), List.of(), List.of());

    /** Copies the lists, sorts the passes, and refuses two decisions for one value or node. */
    public GraphPlan {
        preparation = preparation.stream().sorted().distinct().toList();
        corrections = List.copyOf(corrections);
        activations = List.copyOf(activations);
        operators = List.copyOf(operators);
        Set<String> seen = new HashSet<>();
        for (ActivationPlan activation : activations) {
            if (!seen.add(activation.value())) {
                throw new IllegalArgumentException(
                        "the plan decides twice about value '" + activation.value() + "'");
            }
        }
        seen.clear();
        for (OperatorPlan operator : operators) {
            if (!seen.add(operator.node())) {
                throw new IllegalArgumentException(
                        "the plan decides twice about node '" + operator.node() + "'");
            }
        }
    }

    /** Whether there is nothing in it. */
    public boolean isEmpty() {
        return equals(NONE);
    }
}
