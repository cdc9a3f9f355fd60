/** The library to depend on: quantizes ONNX models by a plan. */
@NullMarked
package dev.fewbit;

import org.jspecify.annotations.NullMarked;
