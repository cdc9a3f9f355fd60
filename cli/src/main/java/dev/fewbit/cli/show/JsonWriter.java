package dev.fewbit.cli.show;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;

/**
 * Writes a JSON document, indented by two. The tool's own small documents are written with it, so
 * that a command without findings loads no JSON library. As in the findings, numbers that are not
 * finite become the strings {@code "Infinity"}, {@code "-Infinity"} and {@code "NaN"}.
 */
public final class JsonWriter {

    private final StringBuilder text = new StringBuilder();
    private final Deque<Boolean> hasMembers = new ArrayDeque<>();

    /** An empty document. */
    public JsonWriter() {}

    /** Begins an object: the document, or an element of an array. */
    public JsonWriter object() {
        return open('{');
    }

    /** Begins an object in a field. */
    public JsonWriter object(String field) {
        return name(field).openHere('{');
    }

    /** Begins an array in a field. */
    public JsonWriter array(String field) {
        return name(field).openHere('[');
    }

    /** Begins an array: the document, or an element of an array. */
    public JsonWriter array() {
        return open('[');
    }

    /** Ends the innermost object. */
    public JsonWriter endObject() {
        return close('}');
    }

    /** Ends the innermost array. */
    public JsonWriter endArray() {
        return close(']');
    }

    /** A field with text, or {@code null}. */
    public JsonWriter field(String name, @Nullable String value) {
        name(name);
        return value == null ? raw("null") : quoted(value);
    }

    /** A field with a whole number. */
    public JsonWriter field(String name, long value) {
        return name(name).raw(Long.toString(value));
    }

    /** A field with a real number. */
    public JsonWriter field(String name, double value) {
        name(name);
        String number = Double.toString(value);
        return Double.isFinite(value) ? raw(number) : quoted(number);
    }

    /** A field with a real number in the fewest digits that mean the same {@code float}. */
    public JsonWriter field(String name, float value) {
        name(name);
        String number = Float.toString(value);
        return Float.isFinite(value) ? raw(number) : quoted(number);
    }

    /** A field with a truth value. */
    public JsonWriter field(String name, boolean value) {
        return name(name).raw(Boolean.toString(value));
    }

    /** A field with an array on one line: numbers as they are, everything else as text. */
    public JsonWriter field(String name, Iterable<?> values) {
        name(name);
        text.append('[');
        String separator = "";
        for (Object value : values) {
            text.append(separator);
            if (value instanceof Long || value instanceof Integer) {
                text.append(value);
            } else {
                quoted(value.toString());
            }
            separator = ", ";
        }
        text.append(']');
        return this;
    }

    /** An array in a field with an object for every item. */
    public <T> JsonWriter objects(
            String field, Iterable<T> items, BiConsumer<JsonWriter, T> fields) {
        array(field);
        for (T item : items) {
            object();
            fields.accept(this, item);
            endObject();
        }
        return endArray();
    }

    private JsonWriter open(char bracket) {
        separate();
        return openHere(bracket);
    }

    private JsonWriter openHere(char bracket) {
        text.append(bracket);
        hasMembers.push(false);
        return this;
    }

    private JsonWriter close(char bracket) {
        if (hasMembers.pop()) {
            newLine();
        }
        text.append(bracket);
        return this;
    }

    private JsonWriter name(String field) {
        separate();
        quoted(field);
        text.append(": ");
        return this;
    }

    private void separate() {
        if (hasMembers.isEmpty()) {
            return;
        }
        if (hasMembers.pop()) {
            text.append(',');
        }
        hasMembers.push(true);
        newLine();
    }

    private void newLine() {
        text.append('\n').append("  ".repeat(hasMembers.size()));
    }

    private JsonWriter raw(String value) {
        text.append(value);
        return this;
    }

    private JsonWriter quoted(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            switch (character) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '\r' -> text.append("\\r");
                default -> {
                    if (character < ' ') {
                        String digits = Integer.toHexString(character);
                        text.append("\\u").append("0".repeat(4 - digits.length())).append(digits);
                    } else {
                        // Half a pair of surrogates is no character, and JSON readers refuse it.
                        boolean half = Character.isSurrogate(character) && !isPaired(value, i);
                        text.append(half ? '\ufffd' : character);
                    }
                }
            }
        }
        text.append('"');
        return this;
    }

    private static boolean isPaired(String value, int index) {
        char character = value.charAt(index);
        return Character.isHighSurrogate(character)
                ? index + 1 < value.length() && Character.isLowSurrogate(value.charAt(index + 1))
                : index > 0 && Character.isHighSurrogate(value.charAt(index - 1));
    }

    /** The document. */
    @Override
    public String toString() {
        return text.toString();
    }
}
