package dev.fewbit.report.html;

import java.util.ArrayList;
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
    private static void head(HtmlWriter html, List<Column> columns) {
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

    /**
     * A table with a head that can be scrolled to and through; rows follow, then {@link
     * #closeTable}.
     *
     * @param id of the table, for scripts
     * @param label says what it is to those who cannot see it
     * @param more attributes of what it scrolls in
     */
    static void openTable(
            HtmlWriter html, String id, String label, List<Column> columns, String... more) {
        List<String> attributes =
                new ArrayList<>(
                        List.of(
                                "class",
                                "scroll tall",
                                "tabindex",
                                "0",
                                "role",
                                "region",
                                "aria-label",
                                label));
        attributes.addAll(List.of(more));
        html.open("div", attributes.toArray(String[]::new));
        html.open("table", "id", id, "class", "data sortable");
        head(html, columns);
        html.open("tbody");
    }

    /** The end of what {@link #openTable} began. */
    static void closeTable(HtmlWriter html) {
        html.close().close().closeLine();
    }

    /** A cell with the number that it is sorted by. */
    static void number(HtmlWriter html, String key, double value, String words) {
        html.element("td", words, "class", "number col-" + key, "data-v", Figures.plain(value, 9));
    }
}
