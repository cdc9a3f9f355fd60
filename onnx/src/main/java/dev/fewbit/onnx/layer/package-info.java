/**
 * Layers that are linear in their weights, seen the same way whatever the operator: channels in,
 * weights, channels out, bias.
 *
 * <p>Start from {@link dev.fewbit.onnx.layer.LinearLayer}.
 */
@NullMarked
package dev.fewbit.onnx.layer;

import org.jspecify.annotations.NullMarked;
