/**
 * Computing constants with ONNX Runtime.
 *
 * <p>Start from {@link dev.fewbit.runtime.constant.RuntimeConstants}.
 */
@NullMarked
package dev.fewbit.runtime.constant;

import org.jspecify.annotations.NullMarked;
