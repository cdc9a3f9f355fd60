/**
 * Training of quantized networks: the only package that touches libtorch, through {@code
 * fewbit-train}.
 */
@NullMarked
package dev.fewbit.training;

import org.jspecify.annotations.NullMarked;
