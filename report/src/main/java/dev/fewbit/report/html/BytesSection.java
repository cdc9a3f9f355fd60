package dev.fewbit.report.html;

import dev.fewbit.core.findings.Findings;

import java.util.function.ToLongFunction;

/** Both files as bars of equal scale, divided by operator and by number format. */
final class BytesSection {

    private BytesSection() {}

    static void write(HtmlWriter html, Findings findings) {
        html.open("div", "class", "columns");
        division(html, "By operator", ByteShares.byOperator(findings));
        division(html, "By number format in the quantized model", ByteShares.byFormat(findings));
        html.closeLine();
    }

    private static void division(HtmlWriter html, String title, ByteShares shares) {
        long before = total(shares, ByteShares.Group::before);
        long after = total(shares, ByteShares.Group::after);
        long longest = Math.max(before, after);
        html.open("div", "class", "division");
        html.element("h3", title);
        stack(html, "before", shares, ByteShares.Group::before, longest);
        stack(html, "after", shares, ByteShares.Group::after, longest);
        html.open("table", "class", "plain");
        FigureTable.titles(html, "Part", "Before", "After", "Change");
        html.open("tbody");
        for (int i = 0; i < shares.groups().size(); i++) {
            ByteShares.Group group = shares.groups().get(i);
            html.open("tr");
            html.open("th", "scope", "row");
            html.element("i", "", "class", "swatch " + colour(group, i), "aria-hidden", "true");
            html.element("bdi", group.name()).close();
            figures(html, group.before(), group.after());
            html.closeLine();
        }
        html.close();
        html.open("tfoot").open("tr");
        html.element("th", "Together", "scope", "row");
        figures(html, before, after);
        html.close().close().close();
        html.closeLine();
    }

    private static void stack(
            HtmlWriter html,
            String when,
            ByteShares shares,
            ToLongFunction<ByteShares.Group> bytes,
            long longest) {
        html.open("div", "class", "stack-row", "aria-hidden", "true");
        html.element("span", when, "class", "when");
        html.open("div", "class", "stack");
        for (int i = 0; i < shares.groups().size(); i++) {
            ByteShares.Group group = shares.groups().get(i);
            double share = longest == 0 ? 0 : 100.0 * bytes.applyAsLong(group) / longest;
            if (share > 0) {
                html.element(
                        "i",
                        "",
                        "class",
                        colour(group, i),
                        "style",
                        "width:" + Figures.plain(share, 4) + "%",
                        "title",
                        group.name() + ": " + Figures.bytes(bytes.applyAsLong(group)));
            }
        }
        html.close().close();
    }

    private static void figures(HtmlWriter html, long before, long after) {
        html.element(
                "td",
                Figures.bytes(before),
                "class",
                "number",
                "title",
                Figures.count(before) + " bytes");
        html.element(
                "td",
                Figures.bytes(after),
                "class",
                "number",
                "title",
                Figures.count(after) + " bytes");
        String words =
                before == after
                        ? "\u2013"
                        : before == 0
                                ? "new"
                                : after == 0
                                        ? "gone"
                                        : Change.of(
                                                        (double) before,
                                                        (double) after,
                                                        "smaller",
                                                        "larger")
                                                .words();
        html.element("td", words, "class", "number");
    }

    private static long total(ByteShares shares, ToLongFunction<ByteShares.Group> bytes) {
        return shares.groups().stream().mapToLong(bytes).sum();
    }

    private static String colour(ByteShares.Group group, int index) {
        return group.name().equals(ByteShares.REST) ? "rest" : "c" + (index + 1);
    }
}
