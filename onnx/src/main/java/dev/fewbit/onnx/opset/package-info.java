/**
 * Raises the opset of a model: rewrites nodes whose meaning or form changed, so that the model
 * computes the same under the newer version.
 *
 * <p>Start from {@link dev.fewbit.onnx.opset.OpsetRaiser}. {@code OperatorTable} says for every
 * operator which versions changed it; each change that needs work is one class here, listed in
 * {@code Adapters}.
 */
@NullMarked
package dev.fewbit.onnx.opset;

import org.jspecify.annotations.NullMarked;
