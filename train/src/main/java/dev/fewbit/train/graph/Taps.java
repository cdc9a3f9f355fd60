package dev.fewbit.train.graph;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import org.bytedeco.pytorch.Tensor;

/** Where values of a network can be exchanged while it runs, for others that are quantized. */
public interface Taps {
    /** Nothing is exchanged. */
    Taps NONE = new Taps() {};

    /**
     * A value was made: an input of the network, a constant, or an output of a node.
     *
     * @return what all who read it get: the same object, or a new one
     */
    default Tensor made(Value value, Tensor tensor) {
        return tensor;
    }

    /**
     * A node is about to read a value.
     *
     * @return what it gets: the same object, or a new one
     */
    default Tensor read(Node node, int input, Tensor tensor) {
        return tensor;
    }
}
