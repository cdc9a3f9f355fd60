/**
 * How fast layers with few-bit weights run, in each encoding.
 *
 * <p>Start from {@link dev.fewbit.bench.lowbit.MeasureLowBits}.
 */
@NullMarked
package dev.fewbit.bench.lowbit;

import org.jspecify.annotations.NullMarked;
