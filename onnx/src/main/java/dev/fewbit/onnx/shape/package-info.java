/**
 * Shapes of all values of a model, as far as they follow without running it.
 *
 * <p>Start from {@link dev.fewbit.onnx.shape.ValueShapes}.
 */
@NullMarked
package dev.fewbit.onnx.shape;

import org.jspecify.annotations.NullMarked;
