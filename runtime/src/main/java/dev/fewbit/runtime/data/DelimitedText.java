package dev.fewbit.runtime.data;

import java.io.Closeable;
import java.io.IOException;
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

    private final TextLines lines;
    private final boolean quoted;

    /**
     * Reads on demand.
     *
     * @param lines the text; closed with this
     * @param tabs whether tabs separate cells, not commas
     */
    DelimitedText(TextLines lines, boolean tabs) {
        this.lines = lines;
        this.quoted = !tabs;
    }

    /** Whether a file of that name has tabs rather than commas. */
    static boolean hasTabs(String name) {
        return !name.toLowerCase(Locale.ROOT).endsWith(".csv");
    }

    /** The next row that is not empty. */
    Optional<Row> next() throws IOException {
        String text = lines.nextFilled();
        if (text == null) {
            return Optional.empty();
        }
        if (!quoted) {
            return Optional.of(new Row(lines.number(), List.of(text.split("\t", -1))));
        }
        return Optional.of(quotedRow(text));
    }

    private Row quotedRow(String first) throws IOException {
        long start = lines.number();
        String where = lines.where();
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
                text = lines.next();
                if (text == null) {
                    throw new SampleDataException(
                            where,
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

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
