package dev.fewbit.runtime.profile;

/**
 * What one kernel took.
 *
 * @param name of its node in the graph that the runtime made of the model
 * @param operator what it ran, for example {@code QLinearConv}
 * @param node name of the node of the model that it stands for, or empty where there is none: the
 *     runtime adds conversions, and names some fusions anew
 * @param seconds its time in a run
 */
public record KernelLatency(String name, String operator, String node, double seconds) {}
