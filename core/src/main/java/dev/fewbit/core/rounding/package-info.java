/**
 * Rounding that knows the data: codes for the weights of a linear layer or a convolution so that
 * its outputs stay what they were, not its weights.
 *
 * <p>The inputs are known by their second moments only. {@link dev.fewbit.core.rounding.GramMatrix}
 * and {@link dev.fewbit.core.rounding.ConvolutionGram} collect them, {@link
 * dev.fewbit.core.rounding.Hessian} is the result. A {@link dev.fewbit.core.rounding.RoundingGrid}
 * says which values a weight may take. Start from {@link dev.fewbit.core.rounding.Gptq} and let
 * {@link dev.fewbit.core.rounding.CoordinateDescent} improve what it gives; {@link
 * dev.fewbit.core.rounding.WeightedError} judges.
 */
@NullMarked
package dev.fewbit.core.rounding;

import org.jspecify.annotations.NullMarked;
