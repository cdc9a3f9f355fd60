/**
 * Reading and writing of ONNX files.
 *
 * <p>Start from {@link dev.fewbit.onnx.io.OnnxReader} and {@link dev.fewbit.onnx.io.OnnxWriter}.
 * Reading leaves weights in their files; writing lays out the file first, then fills in tensors in
 * parallel. What the graph does not model is carried through unchanged.
 */
@NullMarked
package dev.fewbit.onnx.io;

import org.jspecify.annotations.NullMarked;
