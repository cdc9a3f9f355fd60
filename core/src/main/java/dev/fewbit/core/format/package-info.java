/**
 * The vocabulary of quantization: which numbers a weight may become, and which weights share the
 * parameters of that mapping.
 *
 * <p>Start from {@link dev.fewbit.core.format.Affine} for evenly spaced levels, {@link
 * dev.fewbit.core.format.PowersOfTwo}, {@link dev.fewbit.core.format.MidRise} and {@link
 * dev.fewbit.core.format.Codebook} for others, and {@link dev.fewbit.core.format.Granularity}.
 */
@NullMarked
package dev.fewbit.core.format;

import org.jspecify.annotations.NullMarked;
