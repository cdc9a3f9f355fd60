package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;

import java.util.Set;

/**
 * Opset 10: the bounds of Slice move from attributes to inputs.
 *
 * <pre>
 * before:  Slice(data, starts=[0], ends=[2], axes=[1])
 * after:   Slice(data, [0], [2], [1])
 * </pre>
 */
final class SliceBoundsToInputs implements Adapter {

    @Override
    public int version() {
        return 10;
    }

    @Override
    public Set<String> operators() {
        return Set.of("Slice");
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        int index = 1;
        for (String bound : new String[] {"starts", "ends", "axes"}) {
            long[] values = node.intsAttribute(bound);
            node.removeAttribute(bound);
            if (values != null) {
                node.setInput(index, rewriting.integers(bound, values));
            }
            index++;
        }
    }
}
