package dev.fewbit.runtime.data;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Rows of cells: RFC 4180 with commas, or tabs, which are never quoted. Lines may end in either
 * way, a byte order mark and empty lines do not count.
 */
final class DelimitedText implements Closeable {

    /**
     * One row.
     *
     * @param line line on which it begins, from 1
     * @param cells its cells, at least one
     */
    record Row(long line, List<String> cells) {
        Row {
            cells = List.copyOf(cells);
        }
    }

    private final String source;
    private final BufferedReader reader;
    private final boolean quoted;
    private long line;

    /**
     * Reads on demand.
     *
     * @param source name of the file, for messages
     * @param reader the text; closed with this
     * @param tabs whether tabs separate cells, not commas
     */
    DelimitedText(String source, Reader reader, boolean tabs) {
        this.source = source;
        this.reader = new BufferedReader(reader);
        this.quoted = !tabs;
    }

    /** Whether a file of that name has tabs rather than commas. */
    static boolean hasTabs(String name) {
        return !name.toLowerCase(Locale.ROOT).endsWith(".csv");
    }

    /** The next row that is not empty. */
    Optional<Row> next() throws IOException {
        String text = readLine();
        while (text != null && text.isBlank()) {
            text = readLine();
        }
        if (text == null) {
            return Optional.empty();
        }
        if (!quoted) {
            return Optional.of(new Row(line, List.of(text.split("\t", -1))));
        }
        return Optional.of(quotedRow(text));
    }

    private Row quotedRow(String first) throws IOException {
        long start = line;
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        String text = first;
        int at = 0;
        boolean inside = false;
        while (true) {
            if (at == text.length()) {
                if (!inside) {
                    cells.add(cell.toString());
                    return new Row(start, cells);
                }
                text = readLine();
                if (text == null) {
                    throw new SampleDataException(
                            source + " line " + start,
                            "a quoted cell is not closed",
                            "Close it with a quotation mark; write two for one inside of a cell");
                }
                cell.append('\n');
                at = 0;
                continue;
            }
            char c = text.charAt(at++);
            if (inside) {
                if (c != '"') {
                    cell.append(c);
                } else if (at < text.length() && text.charAt(at) == '"') {
                    cell.append(c);
                    at++;
                } else {
                    inside = false;
                }
            } else if (c == '"' && cell.isEmpty()) {
                inside = true;
            } else if (c == ',') {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
    }

    private @Nullable String readLine() throws IOException {
        try {
            String text = reader.readLine();
            line++;
            return line == 1 && text != null && text.startsWith("\ufeff")
                    ? text.substring(1)
                    : text;
        } catch (CharacterCodingException malformed) {
            throw new SampleDataException(
                    source + " after line " + line,
                    "the file is not UTF-8 text",
                    "Write it in UTF-8");
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
