package dev.fewbit.core.plan;

/**
 * How one node gets at a quantized weight.
 *
 * @param node name of the node
 * @param operator its operator, for example {@code MatMul}
 * @param encoding the graph that takes the place of the float weight
 */
public record UsePlan(String node, String operator, Encoding encoding) {}
