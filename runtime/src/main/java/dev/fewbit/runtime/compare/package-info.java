/**
 * Runs a float model and its quantized counterpart side by side and says what changed: output and
 * layer errors, latency, memory, kernels, and a verdict in words.
 *
 * <p>Start from {@link dev.fewbit.runtime.compare.ModelComparison}, then {@link
 * dev.fewbit.runtime.compare.Verdicts}.
 */
@NullMarked
package dev.fewbit.runtime.compare;

import org.jspecify.annotations.NullMarked;
