/**
 * An ONNX model in memory: graphs of nodes and values connected by references, and tensors whose
 * bytes stay in their files.
 *
 * <p>Start from {@link dev.fewbit.onnx.graph.Model}; {@code dev.fewbit.onnx.io.OnnxReader} makes
 * one from a file. An edge is a reference to a {@link dev.fewbit.onnx.graph.Value}, never a name,
 * so renaming is safe and "who uses this?" is a field. Whatever these types do not model is carried
 * along as encoded bytes ({@link dev.fewbit.onnx.graph.Remainder}) and written back.
 *
 * <p>Graphs, nodes and values are mutable and not thread-safe. Tensors are immutable and may be
 * read from any thread.
 */
@NullMarked
package dev.fewbit.onnx.graph;

import org.jspecify.annotations.NullMarked;
