/**
 * Rewriting of the float graph before anything is quantized: it computes the same with fewer nodes,
 * or with weights that are easier to round. No data is needed.
 *
 * <p>Start from {@link dev.fewbit.onnx.prepare.GraphPreparation}. Every class that implements
 * {@link dev.fewbit.onnx.prepare.Rewrite} is one kind of change, and its Javadoc shows {@code
 * before -> after}.
 */
@NullMarked
package dev.fewbit.onnx.prepare;

import org.jspecify.annotations.NullMarked;
