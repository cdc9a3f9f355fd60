package dev.fewbit.onnx.opset;

import dev.fewbit.onnx.graph.Node;

import java.util.Set;

/**
 * A list of integers moves from an attribute to an optional input, a constant int64 vector.
 *
 * <pre>
 * before:  Squeeze(data, axes=[1])
 * after:   Squeeze(data, [1])
 * </pre>
 *
 * An absent or empty list keeps meaning what it meant: the input is omitted, and the attribute
 * {@code noop_with_empty_axes} of newer reductions defaults to the old behaviour, all axes.
 *
 * @param version the opset of the change
 * @param operators the operators of the change
 * @param attribute what the list is called, before and after
 * @param index place of the new input
 */
record AttributeToInput(int version, Set<String> operators, String attribute, int index)
        implements Adapter {

    AttributeToInput {
        operators = Set.copyOf(operators);
    }

    @Override
    public void rewrite(Node node, Rewriting rewriting) {
        long[] values = node.intsAttribute(attribute);
        node.removeAttribute(attribute);
        if (values != null && values.length > 0) {
            node.setInput(index, rewriting.integers(attribute, values));
        }
    }
}
