package dev.fewbit.onnx.graph;

import org.jspecify.annotations.Nullable;

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

    /**
     * The first attribute of a node whose value is not there to be read, as in a function, where it
     * may refer to the call; mostly null.
     */
    public static @Nullable Attribute unreadOf(Node node) {
        for (Attribute attribute : node.attributes()) {
            if (attribute.value() instanceof AttributeValue.Opaque) {
                return attribute;
            }
        }
        return null;
    }

    /** The subgraphs this attribute holds; mostly none. */
    public List<Graph> graphs() {
        return value.graphs();
    }
}
