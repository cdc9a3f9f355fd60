/**
 * What quantization can reach at best: for ideal sources, and for the values of a tensor.
 *
 * <p>Start from {@link dev.fewbit.core.limit.CodebookLimit} for the distance of a tensor from its
 * limit, and {@link dev.fewbit.core.limit.IdealSource} for the limits of theory.
 */
@NullMarked
package dev.fewbit.core.limit;

import org.jspecify.annotations.NullMarked;
