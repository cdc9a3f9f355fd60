/**
 * The Protocol Buffers wire format, read from a file in small windows and written as parts with
 * holes for tensors.
 *
 * <p>Start from {@link dev.fewbit.onnx.wire.WireInput} and {@link dev.fewbit.onnx.wire.WireOutput}.
 * Internal to the onnx module. The format: <a
 * href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers encoding</a>.
 */
@NullMarked
package dev.fewbit.onnx.wire;

import org.jspecify.annotations.NullMarked;
