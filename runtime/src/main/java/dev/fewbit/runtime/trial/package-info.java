/**
 * Measuring what candidates for a quantized model lose, many times on the same few samples.
 *
 * <p>Start from {@link dev.fewbit.runtime.trial.OutputTrials}.
 */
@NullMarked
package dev.fewbit.runtime.trial;

import org.jspecify.annotations.NullMarked;
