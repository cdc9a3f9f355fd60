package dev.fewbit.runtime.data;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** The fields of a {@code data.yaml}, each read once; every complaint names its line. */
final class YamlFields {

    private static final String ADVICE = "See docs/data.md for the fields";

    private final String source;
    private final Map<String, Node> fields = new LinkedHashMap<>();

    private YamlFields(String source) {
        this.source = source;
    }

    /**
     * Reads a document, which is a mapping of fields.
     *
     * @param source name of the file, for messages
     * @param text the document
     * @throws SampleDataException if it is not YAML, or a field stands there twice
     */
    static YamlFields parse(String source, String text) throws SampleDataException {
        YamlFields result = new YamlFields(source);
        Node root;
        try {
            root =
                    new Compose(LoadSettings.builder().setLabel(source).build())
                            .composeString(text)
                            .orElse(null);
        } catch (YamlEngineException notYaml) {
            String words = String.valueOf(notYaml.getMessage()).strip().replaceAll("\\s+", " ");
            throw new SampleDataException(source, "this is not YAML: " + words, ADVICE);
        }
        if (!(root instanceof MappingNode mapping)) {
            throw new SampleDataException(
                    source, "expected fields such as 'height: 224', got something else", ADVICE);
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String name = result.text("a field's name", tuple.getKeyNode());
            if (result.fields.put(name, tuple.getValueNode()) != null) {
                throw result.complaint(tuple.getKeyNode(), "field '" + name + "' is there twice");
            }
        }
        return result;
    }

    /** Whether a field is there and was not read yet. */
    boolean has(String name) {
        return fields.containsKey(name);
    }

    /** Takes a field away if it holds this very word; otherwise it stays to be read. */
    boolean consumeIf(String name, String word) {
        boolean same =
                fields.get(name) instanceof ScalarNode scalar
                        && scalar.getValue().strip().equals(word);
        if (same) {
            fields.remove(name);
        }
        return same;
    }

    /** Text of a field, or {@code null} if it is not there. */
    @Nullable String text(String name) throws SampleDataException {
        Node node = fields.remove(name);
        return node == null ? null : text(name, node);
    }

    /** A whole number of at least {@code least}, if the field is there. */
    OptionalInt integer(String name, int least) throws SampleDataException {
        Node node = fields.remove(name);
        if (node == null) {
            return OptionalInt.empty();
        }
        String text = text(name, node);
        try {
            int value = Integer.parseInt(text);
            if (value >= least) {
                return OptionalInt.of(value);
            }
        } catch (NumberFormatException notANumber) {
            throw complaint(node, "'" + name + "' takes a whole number, got '" + text + "'");
        }
        throw complaint(node, "'" + name + "' takes " + least + " or more, got " + text);
    }

    /** One of a few words, or {@code otherwise} if the field is not there. */
    <T> T choice(String name, Map<String, T> words, T otherwise) throws SampleDataException {
        Node node = fields.remove(name);
        if (node == null) {
            return otherwise;
        }
        String text = text(name, node);
        T value = words.get(text.toLowerCase(Locale.ROOT));
        if (value == null) {
            throw complaint(
                    node,
                    "'"
                            + name
                            + "' takes one of "
                            + String.join(", ", words.keySet().stream().sorted().toList())
                            + ", got '"
                            + text
                            + "'");
        }
        return value;
    }

    /** A number, or two with a slash between them, or {@code otherwise}. */
    double number(String name, double otherwise) throws SampleDataException {
        Node node = fields.remove(name);
        return node == null ? otherwise : number(name, node);
    }

    /**
     * Numbers, or one number for all.
     *
     * @param count how many there must be
     */
    List<Double> numbers(String name, int count, double otherwise) throws SampleDataException {
        Node node = fields.remove(name);
        List<Double> values = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (Node element : sequence.getValue()) {
                values.add(number(name, element));
            }
            if (values.size() != count) {
                throw complaint(
                        node,
                        "'"
                                + name
                                + "' takes one number for each of the "
                                + count
                                + " channels, got "
                                + values.size());
            }
            return values;
        }
        double all = node == null ? otherwise : number(name, node);
        for (int i = 0; i < count; i++) {
            values.add(all);
        }
        return values;
    }

    /** Complains of what nobody has asked for. */
    void end(List<String> known) throws SampleDataException {
        for (Map.Entry<String, Node> field : fields.entrySet()) {
            throw complaint(
                    field.getValue(),
                    "there is no field '"
                            + field.getKey()
                            + "' here; known are "
                            + String.join(", ", known));
        }
    }

    /** A complaint about the file as a whole. */
    SampleDataException complaint(String problem) {
        return new SampleDataException(source, problem, ADVICE);
    }

    private SampleDataException complaint(Node node, String problem) {
        int line = node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
        return new SampleDataException(source + (line > 0 ? " line " + line : ""), problem, ADVICE);
    }

    private String text(String name, Node node) throws SampleDataException {
        if (!(node instanceof ScalarNode scalar)) {
            throw complaint(node, "'" + name + "' takes a single value");
        }
        return scalar.getValue().strip();
    }

    private double number(String name, Node node) throws SampleDataException {
        String text = text(name, node);
        String[] parts = text.split("/", -1);
        try {
            double value = Double.parseDouble(parts[0]);
            if (parts.length == 2) {
                value /= Double.parseDouble(parts[1]);
            }
            if (parts.length <= 2 && Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            throw complaint(
                    node, "'" + name + "' takes numbers such as 0.5 or 1/255, got '" + text + "'");
        }
        throw complaint(
                node, "'" + name + "' takes numbers such as 0.5 or 1/255, got '" + text + "'");
    }
}
