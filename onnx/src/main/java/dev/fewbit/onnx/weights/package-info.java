/**
 * Finding the constants in a graph.
 *
 * <p>Start from {@link dev.fewbit.onnx.weights.Constants}.
 */
@NullMarked
package dev.fewbit.onnx.weights;

import org.jspecify.annotations.NullMarked;
