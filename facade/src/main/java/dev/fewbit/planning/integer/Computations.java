package dev.fewbit.planning.integer;

import dev.fewbit.onnx.graph.Node;

import java.util.Set;

/** The operators whose arithmetic a plan speaks of: those that compute with activations. */
final class Computations {
    private static final Set<String> OTHERS =
            Set.of(
                    "Cast",
                    "Constant",
                    "ConstantOfShape",
                    "Equal",
                    "Expand",
                    "Gather",
                    "GatherND",
                    "Greater",
                    "Identity",
                    "Less",
                    "NonZero",
                    "Not",
                    "Range",
                    "Reshape",
                    "Shape",
                    "Size",
                    "Slice",
                    "Split",
                    "Squeeze",
                    "Tile",
                    "Transpose",
                    "Unsqueeze");

    private Computations() {}

    static boolean contains(Node node) {
        return !node.domain().isEmpty() || !OTHERS.contains(node.opType());
    }
}
