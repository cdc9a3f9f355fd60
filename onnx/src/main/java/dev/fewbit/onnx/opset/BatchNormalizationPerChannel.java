package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import java.util.Objects;
import java.util.Set;

/**
 * Opset 9: BatchNormalization loses {@code spatial}; it always works per channel.
 *
 * <pre>
 * before:  BatchNormalization(x, scale, b, mean, var, spatial=1)
 * after:   BatchNormalization(x, scale, b, mean, var)
 *
 * before:  BatchNormalization(x, scale, b, mean, var, spatial=0)     parameters of shape [C, D1, ...]
 * after:   Reshape(BatchNormalization(Flatten(x, axis=1), Reshape(scale, [-1]), ...), Shape(x))
 * </pre>
 *
 * The second is what the specification advises: every feature becomes a channel.
 */
final class BatchNormalizationPerChannel implements Adapter {

    @Override
    public int version() {
        return 9;
    }

    @Override
    public Set<String> operators() {
        return Set.of("BatchNormalization");
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        boolean spatial = node.intAttribute("spatial", 1) != 0;
        node.removeAttribute("spatial");
        if (spatial) {
            return;
        }
        Value data = Objects.requireNonNull(node.input(0), "BatchNormalization without input");
        Node flatten = new Node("Flatten", "", data);
        flatten.setAttribute("axis", 1);
        node.setInput(0, rewriting.insertBefore(node, flatten));
        Value vector = rewriting.integers("vector", -1);
        for (int index = 1; index < node.inputs().size(); index++) {
            Node reshape = new Node("Reshape", "", node.input(index), vector);
            node.setInput(index, rewriting.insertBefore(node, reshape));
        }
        Value shape = rewriting.insertBefore(node, new Node("Shape", "", data));
        rewriting.insertBehind(node, new Node("Reshape", "", null, shape));
    }
}
