/**
 * From the distribution of a tensor to the scale and zero point that it is rounded with.
 *
 * <p>Start from {@link dev.fewbit.core.calibrate.ActivationRanges}; the ways to choose a range are
 * {@link dev.fewbit.core.calibrate.ActivationRange}.
 */
@NullMarked
package dev.fewbit.core.calibrate;

import org.jspecify.annotations.NullMarked;
