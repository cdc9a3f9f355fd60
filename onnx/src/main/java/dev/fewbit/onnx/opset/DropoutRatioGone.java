package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;

import java.util.Set;

/**
 * Opset 12: the ratio of Dropout becomes an input that matters only with the new input for
 * training.
 *
 * <pre>
 * before:  Dropout(data, ratio=0.1)
 * after:   Dropout(data)
 * </pre>
 *
 * Without that input Dropout hands its data on, as it did before.
 */
final class DropoutRatioGone implements Adapter {

    @Override
    public int version() {
        return 12;
    }

    @Override
    public Set<String> operators() {
        return Set.of("Dropout");
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        node.removeAttribute("ratio");
    }
}
