/**
 * Codes of few bits side by side in bytes, as ONNX stores them.
 *
 * <p>Start from {@link dev.fewbit.core.pack.BitPacking}; {@link dev.fewbit.core.pack.BitPlanes} is
 * for widths that are unpacked by operators.
 */
@NullMarked
package dev.fewbit.core.pack;

import org.jspecify.annotations.NullMarked;
