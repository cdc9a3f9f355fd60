package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.LinearLayer;
import dev.fewbit.onnx.layer.SoleReader;

/** Changes nothing, but says of every batch normalization that is left why it is. */
final class ExplainBatchNormsLeft implements Rewrite {

    @Override
    public boolean apply(Model model, Notes notes) {
        Constants constants = new Constants(model);
        for (Node node : model.graph().allNodes()) {
            if (node.is("BatchNormalization")) {
                notes.left(node, "BatchNormalization stays: " + reason(node, constants) + ".");
            }
        }
        return false;
    }

    private static String reason(Node norm, Constants constants) {
        Value input = norm.input(0);
        Node before = input == null ? null : input.producer();
        if (input == null || before == null) {
            return "no node is before it that could take it in";
        }
        boolean known =
                before.is("Conv")
                        || before.is("ConvTranspose")
                        || before.is("Gemm")
                        || before.is("MatMul")
                        || before.is("Add");
        if (!known) {
            return "before it is "
                    + before
                    + ", which has no weights, and what is behind it cannot"
                    + " take it in either";
        }
        if (input.isGraphOutput()) {
            return "what it reads, " + input + ", is an output of the graph";
        }
        if (SoleReader.of(input) == null) {
            return "what it reads, "
                    + input
                    + ", is also read by others ("
                    + input.consumers().size()
                    + " readers)";
        }
        if (!before.is("Add") && LinearLayer.of(before, constants).isEmpty()) {
            return "the weights or the bias of " + before + " are not constant floats";
        }
        return "its parameters are not constant floats, it trains, or its channels are not those"
                + " of "
                + before;
    }
}
