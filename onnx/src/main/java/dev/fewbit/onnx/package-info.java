/**
 * Reads, writes, checks and edits ONNX model files.
 *
 * <p>Start from {@link dev.fewbit.onnx.proto.ModelProto}.
 */
@NullMarked
package dev.fewbit.onnx;

import org.jspecify.annotations.NullMarked;
