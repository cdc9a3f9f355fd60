package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;

import java.util.Set;

/**
 * Opset 9: the scales of Upsample move from an attribute to an input.
 *
 * <pre>
 * before:  Upsample(x, scales=[1, 1, 2, 2], mode)
 * after:   Upsample(x, [1, 1, 2, 2], mode)
 * </pre>
 */
final class UpsampleScalesToInput implements Adapter {

    @Override
    public int version() {
        return 9;
    }

    @Override
    public Set<String> operators() {
        return Set.of("Upsample");
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        float[] scales = node.floatsAttribute("scales");
        node.removeAttribute("scales");
        if (scales != null) {
            Tensor tensor = Tensor.ofFloats(new long[] {scales.length}, scales);
            node.setInput(1, rewriting.constant("scales", tensor));
        }
    }
}
