/**
 * The definition of affine quantization, in plain Java.
 *
 * <p>Start from {@link dev.fewbit.core.affine.AffineMapping}, the specification that all faster
 * code is held to, and {@link dev.fewbit.core.affine.RangeMethod}, the ways to choose its
 * parameters.
 */
@NullMarked
package dev.fewbit.core.affine;

import org.jspecify.annotations.NullMarked;
