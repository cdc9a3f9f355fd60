/** Runs an ONNX graph on libtorch, so that it can be trained. */
@NullMarked
package dev.fewbit.train.graph;

import org.jspecify.annotations.NullMarked;
