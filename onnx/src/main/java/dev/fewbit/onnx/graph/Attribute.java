package dev.fewbit.onnx.graph;

import java.util.List;
import java.util.Objects;

/**
 * A named constant of a node.
 *
 * @param name unique within the node
 * @param value what it holds
 * @param remainder doc string and unknown fields, written back as they were read
 */
public record Attribute(String name, AttributeValue value, Remainder remainder) {
    public Attribute {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("An attribute needs a name; its value is " + value);
        }
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(remainder, "remainder");
    }

    public Attribute(String name, AttributeValue value) {
        this(name, value, Remainder.NONE);
    }

    /** The subgraphs this attribute holds; mostly none. */
    public List<Graph> graphs() {
        return switch (value) {
            case AttributeValue.GraphValue one -> List.of(one.graph());
            case AttributeValue.GraphsValue many -> many.graphs();
            case AttributeValue.IntValue _, AttributeValue.IntsValue _ -> List.of();
            case AttributeValue.FloatValue _, AttributeValue.FloatsValue _ -> List.of();
            case AttributeValue.StringValue _, AttributeValue.StringsValue _ -> List.of();
            case AttributeValue.TensorValue _, AttributeValue.TensorsValue _ -> List.of();
            case AttributeValue.Opaque _ -> List.of();
        };
    }
}
