package dev.fewbit.report.html;

import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.SkippedWeight;

import java.util.List;

/** Every weight that was left as it was, and why. */
final class SkippedSection {

    private static final List<Column> COLUMNS =
            List.of(
                    Column.text("tensor", "Tensor"),
                    Column.text("operator", "Operator"),
                    Column.number("shape", "Shape", "Dimensions; sorts by the number of elements"),
                    Column.number("bytes", "Size", "Bytes, the same in both models"),
                    Column.text("reason", "Reason"));

    private SkippedSection() {}

    static void write(HtmlWriter html, Findings findings) {
        List<SkippedWeight> skipped = findings.skipped();
        if (skipped.isEmpty()) {
            html.element("p", "Nothing was left out.", "class", "empty");
            return;
        }
        long bytes = skipped.stream().mapToLong(SkippedWeight::bytes).sum();
        html.element(
                "p",
                "%s, %s in all, stored as before."
                        .formatted(
                                Figures.count(skipped.size(), "tensor", "tensors"),
                                Figures.bytes(bytes)));
        Column.openTable(html, "skipped-table", "Weights left alone", COLUMNS);
        for (SkippedWeight weight : skipped) {
            html.open("tr");
            html.open("th", "scope", "row", "class", "col-tensor").name(weight.tensor()).close();
            html.open("td", "class", "col-operator").element("bdi", weight.operator()).close();
            Column.number(
                    html,
                    "shape",
                    weight.shape().stream()
                            .mapToDouble(Long::doubleValue)
                            .reduce(1, (a, b) -> a * b),
                    Figures.shape(weight.shape()));
            Column.number(html, "bytes", (double) weight.bytes(), Figures.bytes(weight.bytes()));
            html.open("td", "class", "col-reason").element("bdi", weight.reason()).close();
            html.closeLine();
        }
        Column.closeTable(html);
    }
}
