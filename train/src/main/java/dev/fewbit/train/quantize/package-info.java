/**
 * Fake quantizers: what a weight or an activation will be, with gradients that go through its
 * rounding.
 */
@NullMarked
package dev.fewbit.train.quantize;

import org.jspecify.annotations.NullMarked;
