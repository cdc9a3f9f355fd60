package dev.fewbit.onnx.graph;

import org.jspecify.annotations.Nullable;

/**
 * Reads attributes of a known kind; another kind than expected is an {@link InvalidGraphException}.
 */
final class Attributes {
    private Attributes() {}

    static long intValue(Node node, String name, long absent) {
        Attribute attribute = node.attribute(name);
        if (attribute == null) {
            return absent;
        }
        if (attribute.value() instanceof AttributeValue.IntValue found) {
            return found.value();
        }
        throw unexpected(node, attribute, "an integer");
    }

    static long @Nullable [] intsValue(Node node, String name) {
        Attribute attribute = node.attribute(name);
        if (attribute == null) {
            return null;
        }
        if (attribute.value() instanceof AttributeValue.IntsValue found) {
            return found.values();
        }
        throw unexpected(node, attribute, "a list of integers");
    }

    static float floatValue(Node node, String name, float absent) {
        Attribute attribute = node.attribute(name);
        if (attribute == null) {
            return absent;
        }
        if (attribute.value() instanceof AttributeValue.FloatValue found) {
            return found.value();
        }
        throw unexpected(node, attribute, "a number");
    }

    static float @Nullable [] floatsValue(Node node, String name) {
        Attribute attribute = node.attribute(name);
        if (attribute == null) {
            return null;
        }
        if (attribute.value() instanceof AttributeValue.FloatsValue found) {
            return found.values();
        }
        throw unexpected(node, attribute, "a list of numbers");
    }

    static String stringValue(Node node, String name, String absent) {
        Attribute attribute = node.attribute(name);
        if (attribute == null) {
            return absent;
        }
        if (attribute.value() instanceof AttributeValue.StringValue found) {
            return found.text();
        }
        throw unexpected(node, attribute, "a string");
    }

    static @Nullable Tensor tensorValue(Node node, String name) {
        Attribute attribute = node.attribute(name);
        if (attribute == null) {
            return null;
        }
        if (attribute.value() instanceof AttributeValue.TensorValue found) {
            return found.tensor();
        }
        throw unexpected(node, attribute, "a tensor");
    }

    private static InvalidGraphException unexpected(
            Node node, Attribute attribute, String expected) {
        return new InvalidGraphException(
                "Attribute "
                        + attribute.name()
                        + " of "
                        + node
                        + " should be "
                        + expected
                        + ", but is "
                        + attribute.value());
    }
}
