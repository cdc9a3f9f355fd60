package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;

import java.util.Set;

/**
 * An operator goes on under another name with the same inputs, outputs and attributes.
 *
 * <pre>
 * before:  Upsample(x, scales, mode)                  (opset 9)
 * after:   Resize(x, scales, mode)                    (opset 10)
 *
 * before:  Scatter(data, indices, updates, axis)          (opset 10)
 * after:   ScatterElements(data, indices, updates, axis)  (opset 11)
 * </pre>
 *
 * @param version the opset that removed the old name
 * @param before the old name
 * @param after the new name
 */
record OperatorRenamed(int version, String before, String after) implements Adapter {

    @Override
    public Set<String> operators() {
        return Set.of(before);
    }

    @Override
    public String successor(String operator) {
        return after;
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        node.setOperator("", after);
    }
}
