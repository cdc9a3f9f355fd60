/**
 * Runs models with ONNX Runtime: reads sample data, compares a float model with its quantized
 * counterpart, and says what the difference is worth.
 *
 * <p>Start from {@link dev.fewbit.runtime.compare.ModelComparison}; data comes from {@link
 * dev.fewbit.runtime.data.DataFiles} or {@link dev.fewbit.runtime.random.RandomSamples}. This is
 * the only module that knows ONNX Runtime.
 */
@NullMarked
package dev.fewbit.runtime;

import org.jspecify.annotations.NullMarked;
