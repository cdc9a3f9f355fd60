/**
 * Changing the float graph, mostly its constants, so that it loses less when it is quantized.
 *
 * <p>Start from {@link dev.fewbit.onnx.correct.GraphCorrector}.
 */
@NullMarked
package dev.fewbit.onnx.correct;

import org.jspecify.annotations.NullMarked;
