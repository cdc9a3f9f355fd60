/**
 * Chooses one option for each of many items so that the losses sum up to the least within a budget
 * of bytes and of seconds: the multiple-choice knapsack, solved exactly.
 *
 * <p>An item is a layer, its options are the formats that the layer may take. Start from {@link
 * dev.fewbit.core.allocation.Allocation}; {@link dev.fewbit.core.allocation.ParetoFront} gives the
 * whole curve of size against loss, {@link dev.fewbit.core.allocation.Swaps} the neighbours of a
 * choice. What is summed here is predicted: whether losses add up is for others to measure.
 */
@NullMarked
package dev.fewbit.core.allocation;

import org.jspecify.annotations.NullMarked;
