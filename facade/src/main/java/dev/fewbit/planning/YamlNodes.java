package dev.fewbit.planning;

import dev.fewbit.FewbitException;

import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads parts of a YAML document, with complaints that name the line. */
final class YamlNodes {
    private final String source;

    /**
     * @param source where the document came from, for messages
     */
    YamlNodes(String source) {
        this.source = source;
    }

    /** The fields of a mapping; none but those that are known. */
    Map<String, Node> fields(Node node, Set<String> known) {
        if (!(node instanceof MappingNode mapping)) {
            throw complaint(
                    node,
                    "expected fields such as "
                            + String.join(", ", known.stream().sorted().toList()));
        }
        Map<String, Node> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String name = text(tuple.getKeyNode());
            if (!known.contains(name)) {
                throw complaint(
                        tuple.getKeyNode(),
                        "unknown field '"
                                + name
                                + "'; expected "
                                + String.join(", ", known.stream().sorted().toList()));
            }
            if (fields.put(name, tuple.getValueNode()) != null) {
                throw complaint(tuple.getKeyNode(), "field '" + name + "' stands here twice");
            }
        }
        return fields;
    }

    Node required(Node parent, Map<String, Node> fields, String name) {
        Node node = fields.get(name);
        if (node == null) {
            throw complaint(parent, "field '" + name + "' is missing");
        }
        return node;
    }

    <T> List<T> list(Node node, Function<Node, T> element) {
        if (!(node instanceof SequenceNode sequence)) {
            throw complaint(node, "expected a list");
        }
        List<T> elements = new ArrayList<>();
        for (Node child : sequence.getValue()) {
            elements.add(element.apply(child));
        }
        return elements;
    }

    /** The list in a field; empty when the field is missing. */
    <T> List<T> optionalList(Map<String, Node> fields, String name, Function<Node, T> element) {
        Node node = fields.get(name);
        return node == null ? List.of() : list(node, element);
    }

    String text(Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            throw complaint(node, "expected a single value");
        }
        return scalar.getValue();
    }

    /** The text in a field; empty when the field is missing. */
    String optionalText(Map<String, Node> fields, String name) {
        Node node = fields.get(name);
        return node == null ? "" : text(node);
    }

    long number(Node node) {
        String text = text(node);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw complaint(node, "expected a whole number, got '" + text + "'");
        }
    }

    int integer(Node node) {
        long number = number(node);
        if (number != (int) number) {
            throw complaint(node, "expected a smaller number, got " + number);
        }
        return (int) number;
    }

    float decimal(Node node) {
        String text = text(node);
        try {
            return Float.parseFloat(text);
        } catch (NumberFormatException notANumber) {
            throw complaint(node, "expected a number, got '" + text + "'");
        }
    }

    <T> T word(Node node, Function<String, T> parser) {
        String text = text(node);
        return checked(node, () -> parser.apply(text));
    }

    <T> T checked(Node node, Supplier<T> construction) {
        try {
            return construction.get();
        } catch (IllegalArgumentException invalid) {
            throw complaint(node, String.valueOf(invalid.getMessage()));
        }
    }

    FewbitException complaint(Node node, String what) {
        int line = node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
        return new FewbitException(source + (line > 0 ? ", line " + line : "") + ": " + what);
    }
}
