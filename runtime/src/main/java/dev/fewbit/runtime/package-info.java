/** Runs models with ONNX Runtime, for calibration and comparison. */
@NullMarked
package dev.fewbit.runtime;

import org.jspecify.annotations.NullMarked;
