/**
 * Makes the file of a finished model smaller without changing what it computes: {@link
 * dev.fewbit.onnx.compact.Compaction}.
 */
@NullMarked
package dev.fewbit.onnx.compact;

import org.jspecify.annotations.NullMarked;
