/**
 * Where the weights of a model are and what they are used for.
 *
 * <p>Start from {@link dev.fewbit.onnx.weight.WeightSites}.
 */
@NullMarked
package dev.fewbit.onnx.weight;

import org.jspecify.annotations.NullMarked;
