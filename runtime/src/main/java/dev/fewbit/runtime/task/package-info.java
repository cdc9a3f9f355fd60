/**
 * How well a model does what it is for: metrics of tasks, folded sample by sample.
 *
 * <p>Start from {@link dev.fewbit.runtime.task.TaskSelection}, which finds the {@link
 * dev.fewbit.runtime.task.Task} of data and model; {@link dev.fewbit.runtime.task.Task#score} gives
 * an accumulator for one model, {@link dev.fewbit.runtime.task.TaskComparison} holds two models
 * against each other.
 */
@NullMarked
package dev.fewbit.runtime.task;

import org.jspecify.annotations.NullMarked;
