package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;

import java.util.Set;

/**
 * Opset 10: the count of TopK moves from an attribute to an input.
 *
 * <pre>
 * before:  TopK(x, k=5, axis=1)
 * after:   TopK(x, [5], axis=1)
 * </pre>
 */
final class TopKCountToInput implements Adapter {

    @Override
    public int version() {
        return 10;
    }

    @Override
    public Set<String> operators() {
        return Set.of("TopK");
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        node.setInput(1, rewriting.integers("k", node.intAttribute("k", 1)));
        node.removeAttribute("k");
    }
}
