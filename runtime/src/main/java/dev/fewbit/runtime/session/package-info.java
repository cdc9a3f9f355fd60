/**
 * ONNX Runtime behind a few types: sessions, their inputs and outputs, their errors.
 *
 * <p>Start from {@link dev.fewbit.runtime.session.ModelSession}. No other package of this module
 * creates anything of ONNX Runtime.
 */
@NullMarked
package dev.fewbit.runtime.session;

import org.jspecify.annotations.NullMarked;
