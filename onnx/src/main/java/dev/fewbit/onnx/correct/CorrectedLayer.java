package dev.fewbit.onnx.correct;

import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.encode.Labels;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.layer.LinearLayer;

/** Finds the layer that a correction is about. */
final class CorrectedLayer {
    private CorrectedLayer() {}

    /**
     * The layer of a node.
     *
     * @param label label of the node
     * @param what what the plan does to it, for messages
     * @throws CorrectionException if there is no such node, or it is no layer
     */
    static LinearLayer find(Model model, String label, String what) {
        Node node = node(model, label, what);
        return LinearLayer.of(node, new Constants(model))
                .orElseThrow(
                        () ->
                                new CorrectionException(
                                        "the plan "
                                                + what
                                                + " of "
                                                + node
                                                + ", which is no Conv, ConvTranspose, Gemm or"
                                                + " MatMul with constant float weights and a bias"
                                                + " per channel; leave the correction out"));
    }

    private static Node node(Model model, String label, String what) {
        for (Node node : model.graph().allNodes()) {
            if (Labels.of(node).equals(label)) {
                return node;
            }
        }
        throw new CorrectionException(
                "the plan "
                        + what
                        + " of node '"
                        + label
                        + "', but the prepared model has no such node; is it the plan of another"
                        + " model?");
    }
}
