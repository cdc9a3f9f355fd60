/**
 * Rounding that knows the data: codes for the weights of a linear layer or a convolution so that
 * its outputs stay what they were, not its weights.
 *
 * <p>The inputs are known by their second moments only. {@link dev.fewbit.core.rounding.GramMatrix}
 * and {@link dev.fewbit.core.rounding.ConvolutionGram} collect them; the result is a {@link
 * dev.fewbit.core.rounding.Hessian}. A {@link dev.fewbit.core.rounding.RoundingGrid} says which
 * values a weight may take. Start from {@link dev.fewbit.core.rounding.Gptq} and let {@link
 * dev.fewbit.core.rounding.CoordinateDescent} improve what it gives, {@link
 * dev.fewbit.core.rounding.ScaleRefit} or {@link dev.fewbit.core.rounding.CodebookRefit} in turns
 * with it the values. {@link dev.fewbit.core.rounding.WeightedError} judges, {@link
 * dev.fewbit.core.rounding.BestRounding} chooses. Where earlier layers are quantized, {@link
 * dev.fewbit.core.rounding.SequentialTarget} says what to come close to instead of the weights.
 *
 * <p>Nothing here is random, and nothing depends on the number of threads that {@link
 * dev.fewbit.core.rounding.Workers} are.
 */
@NullMarked
package dev.fewbit.core.rounding;

import org.jspecify.annotations.NullMarked;
