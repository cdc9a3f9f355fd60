package dev.fewbit.planning;

import dev.fewbit.onnx.graph.Node;

import java.util.Optional;

/** Which nodes of a model compute in integers, and why the others do not. */
public interface NodeArithmetic {

    /** All nodes compute in floats, for no reason of their own. */
    NodeArithmetic FLOAT =
            new NodeArithmetic() {
                @Override
                public boolean isInteger(Node node) {
                    return false;
                }

                @Override
                public Optional<String> floatReason(Node node) {
                    return Optional.empty();
                }
            };

    /** Whether a node computes in integers. */
    boolean isInteger(Node node);

    /** Why a node computes in floats, for a person; empty if there is nothing to say. */
    Optional<String> floatReason(Node node);
}
