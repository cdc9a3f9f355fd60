package dev.fewbit.report.html;

import java.util.Arrays;
import java.util.List;

/**
 * A column of a table that sorts.
 *
 * @param key its name in the page's address, as in {@code #sort=sqnr}
 * @param label its heading
 * @param kind how its cells are set and compared
 * @param note what it means, shown on hover; empty where the label says it
 */
record Column(String key, String label, Kind kind, String note) {

    /** How the cells of a column are set and compared. */
    enum Kind {
        TEXT,
        NUMBER,
        /** Nothing to sort by. */
        DRAWING
    }

    static Column text(String key, String label) {
        return new Column(key, label, Kind.TEXT, "");
    }

    static Column text(String key, String label, String note) {
        return new Column(key, label, Kind.TEXT, note);
    }

    static Column number(String key, String label, String note) {
        return new Column(key, label, Kind.NUMBER, note);
    }

    static Column drawing(String key, String label, String note) {
        return new Column(key, label, Kind.DRAWING, note);
    }

    /** The head of a table whose scripts find their columns by {@code data-key}. */
    static void head(HtmlWriter html, List<Column> columns) {
        html.open("thead").open("tr");
        for (Column column : columns) {
            String style = "col-" + column.key() + (column.kind() == Kind.NUMBER ? " number" : "");
            String[] attributes = {
                "scope", "col", "data-key", column.key(), "class", style, "title", column.note()
            };
            html.open("th", column.note().isEmpty() ? Arrays.copyOf(attributes, 6) : attributes);
            if (column.kind() == Kind.DRAWING) {
                html.text(column.label());
            } else {
                html.element("button", column.label(), "type", "button", "class", "sort");
            }
            html.close();
        }
        html.close().closeLine();
    }

    /** A cell with the number that it is sorted by. */
    static void number(HtmlWriter html, String key, double value, String words) {
        html.element("td", words, "class", "number col-" + key, "data-v", Figures.plain(value, 9));
    }
}
