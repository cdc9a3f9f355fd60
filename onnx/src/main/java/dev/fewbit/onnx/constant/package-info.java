/**
 * Finding the constants in a graph.
 *
 * <p>Start from {@link dev.fewbit.onnx.constant.Constants}.
 */
@NullMarked
package dev.fewbit.onnx.constant;

import org.jspecify.annotations.NullMarked;
