package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;

import java.util.Set;

/**
 * Opset 20: the axis of DFT moves from an attribute (default 1) to an input (default -2).
 *
 * <pre>
 * before:  DFT(x, length, axis=1)
 * after:   DFT(x, length, 1)
 * </pre>
 */
final class DftAxisToInput implements Adapter {

    @Override
    public int version() {
        return 20;
    }

    @Override
    public Set<String> operators() {
        return Set.of("DFT");
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        Tensor axis = Tensor.ofLongs(new long[0], node.intAttribute("axis", 1));
        node.removeAttribute("axis");
        node.setInput(2, rewriting.constant("axis", axis));
    }
}
