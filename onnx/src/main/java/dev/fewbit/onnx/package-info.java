/**
 * ONNX model files as editable graphs: read without copying weights, changed through references,
 * written as a stream.
 *
 * <p>Start from {@code dev.fewbit.onnx.io.OnnxReader} and {@link dev.fewbit.onnx.graph.Model}. The
 * code here reads and writes the protobuf wire format itself: a message of 4 GB with holes for
 * weights that do not exist yet is not something generated classes can build, and an application
 * keeps whatever protobuf version it likes.
 */
@NullMarked
package dev.fewbit.onnx;

import org.jspecify.annotations.NullMarked;
