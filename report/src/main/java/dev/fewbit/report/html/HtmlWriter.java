package dev.fewbit.report.html;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Builds HTML text in which nothing that came from a model can be mistaken for markup.
 *
 * <p>Texts and attribute values are escaped always; only the names of elements and attributes, and
 * the report's own scripts and styles, go in as they are.
 */
final class HtmlWriter {

    /** Where a long name of a tensor or value may be broken. */
    private static final String SEPARATORS = "/.:_";

    private final StringBuilder out = new StringBuilder(1 << 16);
    private final Deque<String> open = new ArrayDeque<>();

    /** Opens an element; attributes are names and values in turn. */
    HtmlWriter open(String element, String... attributes) {
        tag(element, attributes);
        open.push(element);
        return this;
    }

    /** Closes the innermost open element. */
    HtmlWriter close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /** Closes the innermost open element and ends the line. */
    HtmlWriter closeLine() {
        close();
        out.append('\n');
        return this;
    }

    /** An element that has no content and no end tag, such as {@code meta}. */
    HtmlWriter empty(String element, String... attributes) {
        tag(element, attributes);
        return this;
    }

    /** An element with nothing but text in it. */
    HtmlWriter element(String element, String text, String... attributes) {
        return open(element, attributes).text(text).close();
    }

    /**
     * A name from the model: in a fixed-width face, allowed to break after its separators, and
     * isolated, so that right-to-left characters in it cannot reorder the words around it.
     */
    HtmlWriter name(String name) {
        if (name.isBlank()) {
            return element("span", "(no name)", "class", "note");
        }
        open("bdi", "class", "name");
        int from = 0;
        for (int i = 0; i < name.length() - 1; i++) {
            if (SEPARATORS.indexOf(name.charAt(i)) >= 0
                    && SEPARATORS.indexOf(name.charAt(i + 1)) < 0) {
                text(name.substring(from, i + 1)).empty("wbr");
                from = i + 1;
            }
        }
        return text(name.substring(from)).close();
    }

    HtmlWriter text(String text) {
        escape(text);
        return this;
    }

    /** The content of a script or style element, which HTML does not unescape. */
    HtmlWriter verbatim(String content) {
        if (content.contains("</") || content.contains("<!--")) {
            throw new IllegalArgumentException(
                    "a script or style must not hold \"</\" or \"<!--\": a browser would end it"
                            + " there");
        }
        out.append(content);
        return this;
    }

    /** The page; every element must be closed by now. */
    String finish() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("still open: " + open);
        }
        return "<!DOCTYPE html>\n" + out;
    }

    private void tag(String element, String... attributes) {
        out.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]);
            if (!attributes[i + 1].isEmpty()) {
                out.append("=\"");
                escape(attributes[i + 1]);
                out.append('"');
            }
        }
        out.append('>');
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\t', '\n' -> out.append(c);
                default -> {
                    if (Character.isISOControl(c) || isLoneSurrogate(text, i)) {
                        // HTML has no way to write these, escaped or not.
                        out.append('\uFFFD');
                    } else {
                        out.append(c);
                    }
                }
            }
        }
    }

    private static boolean isLoneSurrogate(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c)
                && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
