package dev.fewbit.runtime.compare;

/**
 * A value inside the network that both models compute.
 *
 * @param name name of the value, the same in both models
 * @param node name of the node that computes it in the float model
 * @param operator operator of that node
 */
record LayerValue(String name, String node, String operator) {}
