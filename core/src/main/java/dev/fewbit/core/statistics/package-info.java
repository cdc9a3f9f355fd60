/**
 * Statistics that merge: parts of a tensor are measured apart, in any order, and added up.
 *
 * <p>Start from {@link dev.fewbit.core.statistics.ErrorStatistics} for what quantization cost,
 * {@link dev.fewbit.core.statistics.TensorStatistics} for what calibration collects, and {@link
 * dev.fewbit.core.statistics.Distribution} for how values are distributed.
 */
@NullMarked
package dev.fewbit.core.statistics;

import org.jspecify.annotations.NullMarked;
