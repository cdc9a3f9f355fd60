/** ONNX operators on tensors that know their gradients, one class for each family. */
@NullMarked
package dev.fewbit.train.operator;

import org.jspecify.annotations.NullMarked;
