package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;

import java.util.Objects;
import java.util.Set;

/**
 * Opset 21: scale and bias of GroupNormalization hold one number per channel; before, one per group
 * of channels. Every number is repeated for the channels of its group.
 *
 * <pre>
 * before:  GroupNormalization(x, scale, bias, num_groups=G)             scale and bias of shape [G]
 * after:   GroupNormalization(x, repeated(scale), repeated(bias), num_groups=G)
 *
 * repeated(p) = Reshape(Expand(Reshape(p, [-1, 1]), Concat([G], Shape(x)[1] / [G])), [-1])
 * </pre>
 */
final class GroupNormalizationPerChannel implements Adapter {

    @Override
    public int version() {
        return 21;
    }

    @Override
    public Set<String> operators() {
        return Set.of("GroupNormalization");
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        Value groups = rewriting.integers("num_groups", node.intAttribute("num_groups", 1));
        Value table = repetition(node, groups, rewriting);
        Value column = rewriting.integers("column", -1, 1);
        Value vector = rewriting.integers("vector", -1);
        for (int index = 1; index <= 2; index++) {
            Node reshape = new Node("Reshape", "", node.input(index), column);
            Value perGroup = rewriting.insertBefore(node, reshape);
            Value repeated = rewriting.insertBefore(node, new Node("Expand", "", perGroup, table));
            Node flatten = new Node("Reshape", "", repeated, vector);
            node.setInput(index, rewriting.insertBefore(node, flatten));
        }
    }

    /** The shape [groups, channels per group] as a tensor. */
    private static Value repetition(Node node, Value groups, Rewriting rewriting) {
        Value data = Objects.requireNonNull(node.input(0), "GroupNormalization without input");
        Value shape = rewriting.insertBefore(node, new Node("Shape", "", data));
        Node gather = new Node("Gather", "", shape, rewriting.integers("channel_axis", 1));
        Value channels = rewriting.insertBefore(node, gather);
        Value each = rewriting.insertBefore(node, new Node("Div", "", channels, groups));
        Node concat = new Node("Concat", "", groups, each);
        concat.setAttribute("axis", 0);
        return rewriting.insertBefore(node, concat);
    }
}
