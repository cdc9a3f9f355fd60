package dev.fewbit.planning.integer;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import java.util.List;

/**
 * A node that computes in integers.
 *
 * @param node the node
 * @param part why it does
 * @param activations the inputs that must be quantized, weights and biases not among them
 * @param hasWeights whether it has constant weights
 * @param floatOutput whether its kernel can give floats
 */
record IntegerNode(
        Node node, Part part, List<Value> activations, boolean hasWeights, boolean floatOutput) {

    /** Why a node computes in integers. */
    enum Part {
        /** It holds weights. */
        SEED,
        /** It is a Relu or Clip that the kernel before it takes along. */
        FUSED,
        /** It stands between integer nodes and has a kernel. */
        JOIN,
        /** It stands between integer nodes and moves or limits codes. */
        MOVE
    }

    /** Copies the list. */
    IntegerNode {
        activations = List.copyOf(activations);
    }
}
