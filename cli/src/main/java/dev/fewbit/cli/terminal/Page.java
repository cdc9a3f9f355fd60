package dev.fewbit.cli.terminal;

import java.io.PrintStream;
import java.util.List;

/**
 * Where people read: a stream together with its width and whether it shows colours. Into a file or
 * a pipe everything goes uncut and plain, so that two runs can be compared with {@code diff}.
 */
public final class Page {

    /** Longer lines are hard to read, however wide the window. */
    private static final int PROSE_WIDTH = 100;

    private final PrintStream stream;
    private final int columns;
    private final boolean colours;

    /**
     * A page.
     *
     * @param columns characters in a line, {@link Integer#MAX_VALUE} where nothing is to be cut
     */
    public Page(PrintStream stream, int columns, boolean colours) {
        this.stream = stream;
        this.columns = columns;
        this.colours = colours;
    }

    /** Characters in a line. */
    public int columns() {
        return columns;
    }

    /** An empty line. */
    public void line() {
        stream.println();
    }

    /** A line as it is; its author has seen to it that it is fit to print. */
    public void line(String text) {
        stream.println(text);
    }

    /** A heading with an empty line before it. */
    public void heading(String text) {
        line();
        line(paint(Style.STRONG, text));
    }

    /** Prose, broken between words where the page ends. */
    public void prose(String indent, String text) {
        for (String part : wrapped(text, indent.length())) {
            line(indent + part);
        }
    }

    /** Prose as an item of a list: further lines are indented by two more. */
    public void item(String indent, String text) {
        String lead = indent;
        for (String part : wrapped(text, indent.length() + 2)) {
            line(lead + part);
            lead = indent + "  ";
        }
    }

    /**
     * Prose after a word in a style, such as {@code warning:}; further lines are indented by two
     * more.
     */
    public void labelled(String indent, Style style, String label, String text) {
        String lead = indent + paint(style, label);
        int skip = label.length();
        for (String part : wrapped(label + " " + text, indent.length() + 2)) {
            line(lead + part.substring(skip));
            lead = indent + "  ";
            skip = 0;
        }
    }

    /** The lines that prose takes when so many characters of each line are taken already. */
    public List<String> wrapped(String text, int indent) {
        String printable = Printable.of(text);
        if (columns == Integer.MAX_VALUE) {
            return List.of(printable);
        }
        int width = Math.min(columns, PROSE_WIDTH) - indent;
        return Printable.wrapped(printable, Math.max(Terminal.NARROWEST, width));
    }

    /** Prose in one style. */
    public void prose(Style style, String indent, String text) {
        for (String part : wrapped(text, indent.length())) {
            line(indent + paint(style, part));
        }
    }

    /** A table, indented. */
    public void table(String indent, TextTable table) {
        int available = columns == Integer.MAX_VALUE ? columns : columns - indent.length();
        for (String row : table.lines(available, colours)) {
            line(indent + row);
        }
    }

    /** The text in a style, or plain where colours are not wanted. */
    public String paint(Style style, String text) {
        return style.paint(text, colours);
    }
}
