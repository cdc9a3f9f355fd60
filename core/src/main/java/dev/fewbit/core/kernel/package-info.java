/**
 * The inner loops over plain float arrays, in two versions that agree bit for bit.
 *
 * <p>Start from {@link dev.fewbit.core.kernel.AffineKernels}, or from {@link
 * dev.fewbit.core.kernel.MatrixKernels} for products of matrices. The scalar version says what is
 * meant; the version for the Vector API is used where that module is present.
 */
@NullMarked
package dev.fewbit.core.kernel;

import org.jspecify.annotations.NullMarked;
