/**
 * Codes of few bits side by side in bytes, as ONNX stores them.
 *
 * <p>Start from {@link dev.fewbit.core.pack.BitPacking}.
 */
@NullMarked
package dev.fewbit.core.pack;

import org.jspecify.annotations.NullMarked;
