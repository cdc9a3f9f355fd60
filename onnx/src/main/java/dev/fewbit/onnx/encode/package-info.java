/**
 * Carries out a plan: float weights become integer codes, and the nodes that read them get at the
 * codes in a way that the runtime runs fast.
 *
 * <p>Start from {@link dev.fewbit.onnx.encode.ModelEncoder}. Each encoding is one class that states
 * {@code before -> after}; the weights themselves are quantized later, while the model is written.
 * Whether levels are evenly spaced or come from tables makes a difference in few places:
 * LevelLayout is what is stored of tables, CodeReader makes the nodes that turn codes into numbers,
 * AffineCoding and LevelCoding round.
 */
@NullMarked
package dev.fewbit.onnx.encode;

import org.jspecify.annotations.NullMarked;
