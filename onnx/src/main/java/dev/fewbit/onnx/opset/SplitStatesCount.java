package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;

import java.util.Set;

/**
 * Opset 18: a Split into equal parts must say into how many.
 *
 * <pre>
 * before:  a, b, c = Split(x, axis)
 * after:   a, b, c = Split(x, axis, num_outputs=3)
 * </pre>
 */
final class SplitStatesCount implements Adapter {

    @Override
    public int version() {
        return 18;
    }

    @Override
    public Set<String> operators() {
        return Set.of("Split");
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        if (node.input(1) == null) {
            node.setAttribute("num_outputs", node.outputs().size());
        }
    }
}
