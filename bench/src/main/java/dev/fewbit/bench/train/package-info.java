/**
 * What training rests on: {@link dev.fewbit.bench.train.ForwardCheck} tells whether networks
 * compute on libtorch what they compute in ONNX Runtime.
 */
@NullMarked
package dev.fewbit.bench.train;

import org.jspecify.annotations.NullMarked;
