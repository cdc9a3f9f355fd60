package dev.fewbit.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/**
 * Text from elsewhere, made fit for a terminal. Names in a model are whatever its author wrote:
 * control characters in them could move the cursor, and long ones would break every table.
 */
public final class Printable {

    private static final String ELLIPSIS = "…";

    private Printable() {}

    /** The text with control characters and lone surrogates written as escapes. */
    public static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isUnsafe(text.charAt(i))) {
                return escaped(text);
            }
        }
        return text;
    }

    private static String escaped(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.codePoints()
                .forEach(
                        point -> {
                            if (Character.isBmpCodePoint(point) && isControl((char) point)) {
                                String hexadecimal = Integer.toHexString(point);
                                safe.append("\\u")
                                        .append("0".repeat(4 - hexadecimal.length()))
                                        .append(hexadecimal);
                            } else {
                                safe.appendCodePoint(point);
                            }
                        });
        return safe.toString();
    }

    private static boolean isUnsafe(char character) {
        return character < ' ' || (character >= '\u007f' && isControl(character));
    }

    private static boolean isControl(char character) {
        int type = Character.getType(character);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    /** Number of characters that the text takes up in a terminal. */
    public static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    /**
     * The text in at most {@code width} characters, the middle left out: the beginning of a
     * tensor's name says where in the network it is, and the end says what it is.
     */
    public static String shortened(String text, int width) {
        int length = width(text);
        if (length <= width) {
            return text;
        }
        if (width <= 1) {
            return ELLIPSIS;
        }
        int tail = width / 2;
        int head = width - 1 - tail;
        return text.substring(0, text.offsetByCodePoints(0, head))
                + ELLIPSIS
                + text.substring(text.offsetByCodePoints(text.length(), -tail));
    }

    /**
     * The text in lines of at most {@code width} characters, broken between words, and within a
     * word only where it is longer than a line.
     */
    public static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() > 0 && width(line.toString()) + 1 + width(word) > width) {
                lines.add(line.toString());
                line.setLength(0);
            } else if (line.length() > 0) {
                line.append(' ');
            }
            String rest = word;
            while (width(rest) > width) {
                int cut = rest.offsetByCodePoints(0, width);
                lines.add(rest.substring(0, cut));
                rest = rest.substring(cut);
            }
            line.append(rest);
        }
        lines.add(line.toString());
        return lines;
    }
}
