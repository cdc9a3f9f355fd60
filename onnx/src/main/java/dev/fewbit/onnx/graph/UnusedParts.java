package dev.fewbit.onnx.graph;

import java.util.List;

/** Finds and removes what nothing uses. */
final class UnusedParts {
    private UnusedParts() {}

    /** Refuses a node that has an output in use. */
    static void require(Node node) {
        for (Value output : node.outputs()) {
            if (output != null && output.isUsed()) {
                throw new IllegalStateException(
                        "Cannot remove "
                                + node
                                + ": its output "
                                + output
                                + " is still used"
                                + (output.isGraphOutput()
                                        ? " as an output of the graph"
                                        : " by " + output.consumers()));
            }
        }
    }

    /**
     * Removes unused nodes from the last to the first, so that what only they used goes too, then
     * unused constants.
     */
    static void removeFrom(Graph graph) {
        for (Node node : graph.nodes().reversed()) {
            node.subgraphs().forEach(UnusedParts::removeFrom);
            if (node.outputs().stream().noneMatch(output -> output != null && output.isUsed())) {
                graph.remove(node);
            }
        }
        for (Value value : List.copyOf(graph.initializers().keySet())) {
            if (!value.isUsed()) {
                graph.removeInitializer(value);
            }
        }
    }
}
