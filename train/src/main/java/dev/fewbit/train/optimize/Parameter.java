package dev.fewbit.train.optimize;

import org.bytedeco.pytorch.Tensor;

/**
 * Something that is learned.
 *
 * @param name unlike those of others
 * @param tensor its values, which want gradients
 * @param rate the learning rate at its highest
 * @param decay weight decay: what a value loses of itself in a step, for a rate of 1
 */
public record Parameter(String name, Tensor tensor, double rate, double decay) {}
