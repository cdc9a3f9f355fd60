package dev.fewbit.report.html;

/** A table with a name and figures in each row, in a region that can be scrolled sideways. */
final class FigureTable {

    private FigureTable() {}

    /**
     * Opens the table, writes its titles and opens its body.
     *
     * @param label what the table is, for those who do not see it
     * @param names title of the first column; may be empty
     * @param figures titles of the others
     */
    static void open(HtmlWriter html, String label, String names, String... figures) {
        html.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", label);
        html.open("table", "class", "plain");
        titles(html, names, figures);
        html.open("tbody");
    }

    /** Writes the head of a table. */
    static void titles(HtmlWriter html, String names, String... figures) {
        html.open("thead").open("tr");
        if (names.isEmpty()) {
            html.element("td", "");
        } else {
            html.element("th", names, "scope", "col");
        }
        for (String title : figures) {
            html.element("th", title, "scope", "col", "class", "number");
        }
        html.close().close();
    }

    /**
     * Writes a row.
     *
     * @param name a name from the model
     */
    static void row(HtmlWriter html, String name, String... figures) {
        html.open("tr");
        html.open("th", "scope", "row").name(name).close();
        for (String figure : figures) {
            html.element("td", figure, "class", "number");
        }
        html.closeLine();
    }

    /** Closes the body, the table and the region. */
    static void close(HtmlWriter html) {
        html.close().close().closeLine();
    }
}
