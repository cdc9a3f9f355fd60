/**
 * Which nodes of a network ONNX Runtime can run on integers, and what it takes.
 *
 * <p>Start from {@link dev.fewbit.onnx.integer.IntegerOperators}. Planning and encoding both ask
 * it, so that what is planned can be carried out.
 */
@NullMarked
package dev.fewbit.onnx.integer;

import org.jspecify.annotations.NullMarked;
