package dev.fewbit.report.html;

import dev.fewbit.core.findings.LayerChoice;
import dev.fewbit.core.findings.LayerChoice.Alternative;
import dev.fewbit.core.findings.SearchFindings;
import dev.fewbit.core.findings.SearchLimits;
import dev.fewbit.core.findings.SearchPoint;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** What a search for the width of every layer found: the trade, and each layer's part in it. */
final class SearchSection {

    /** A bar of the full width stands for this many bits, or for more. */
    private static final double FULL_BITS = 8;

    private static final List<Column> COLUMNS =
            List.of(
                    Column.text("tensor", "Tensor"),
                    Column.number("weights", "Weights", "How many weights it has"),
                    Column.text("choice", "Chosen"),
                    Column.number(
                            "width",
                            "Bits",
                            "Stored bits for each weight, scales, zero points and learned levels"
                                    + " included; a full bar is 8 bits or more"),
                    Column.number("size", "Size", "Bytes in the written model"),
                    Column.number("loss", "Loss", "Its part of the predicted loss of all layers"),
                    Column.text("reason", "Why"),
                    Column.text(
                            "smaller",
                            "Next smaller",
                            "The next smaller choice, what it would save and what it would add to"
                                    + " the loss; sorts by the loss"),
                    Column.text(
                            "larger",
                            "Next larger",
                            "The next larger choice, what it would take and what it would save of"
                                    + " the loss; sorts by the loss"));

    private SearchSection() {}

    static void write(HtmlWriter html, SearchFindings search) {
        html.element("p", Figures.unbroken(sentence(search)));
        // Two drawings, of which the style shows one: text in a scaled drawing cannot be read.
        html.open("div", "class", "chart wide");
        ParetoPlot.write(html, search, "pareto-wide", 980, 400);
        html.closeLine();
        html.open("div", "class", "chart narrow");
        ParetoPlot.write(html, search, "pareto-narrow", 350, 320);
        html.closeLine();
        key(html, search);
        layers(html, search.layers());
    }

    private static String sentence(SearchFindings search) {
        SearchPoint chosen = search.chosen();
        List<String> limits = new ArrayList<>();
        SearchLimits asked = search.limits();
        Long bytes = asked.bytes();
        if (bytes != null) {
            limits.add("at most " + Figures.bytes(bytes));
        }
        Double loss = asked.loss();
        if (loss != null) {
            limits.add("a loss of at most " + Figures.number(loss));
        }
        Double seconds = asked.seconds();
        if (seconds != null) {
            limits.add("at most " + Figures.millis(seconds * 1000) + " for a run");
        }
        String wanted =
                limits.isEmpty()
                        ? "No limit was set."
                        : "Asked for: " + String.join(", ", limits) + ".";
        return "%s The chosen model has %s, %s\u00A0%% of the float model. Loss is the %s."
                .formatted(
                        wanted,
                        Figures.bytes(chosen.bytes()),
                        Figures.number(100.0 * chosen.bytes() / Math.max(1, search.floatBytes())),
                        search.loss());
    }

    private static void key(HtmlWriter html, SearchFindings search) {
        html.open("div", "class", "chart-bar");
        html.element("span", "best of each size, predicted", "class", "key front");
        if (!search.fixed().isEmpty()) {
            html.element("span", "one format for all layers", "class", "key fixed");
        }
        html.element(
                "span",
                search.chosen().measuredLoss() == null ? "chosen, predicted" : "chosen, measured",
                "class",
                "key chosen-point");
        html.closeLine();
    }

    private static void layers(HtmlWriter html, List<LayerChoice> layers) {
        if (layers.isEmpty()) {
            return;
        }
        html.element("h3", "What each layer got");
        Column.openTable(html, "choice-table", "What each layer got", COLUMNS);
        layers.forEach(layer -> row(html, layer));
        Column.closeTable(html);
    }

    private static void row(HtmlWriter html, LayerChoice layer) {
        html.open("tr");
        html.open("th", "scope", "row", "class", "col-tensor").name(layer.tensor());
        if (!layer.layer().isEmpty()) {
            html.text(" ").element("bdi", layer.layer(), "class", "note");
        }
        html.close();
        Column.number(html, "weights", (double) layer.weights(), Figures.count(layer.weights()));
        html.open("td", "class", "col-choice").element("bdi", layer.choice()).close();
        width(html, layer.bitsPerWeight());
        Column.number(html, "size", (double) layer.bytes(), Figures.bytes(layer.bytes()));
        Column.number(html, "loss", layer.lossShare(), Figures.percent(layer.lossShare()));
        html.open("td", "class", "col-reason").element("bdi", layer.reason()).close();
        alternative(html, "smaller", layer.smaller());
        alternative(html, "larger", layer.larger());
        html.closeLine();
    }

    private static void width(HtmlWriter html, double bits) {
        String words = Double.isFinite(bits) ? Figures.significant(bits, 3) : "\u2013";
        html.open("td", "class", "number col-width", "data-v", Figures.plain(bits, 9)).text(words);
        if (bits > 0) {
            double share = Math.min(1, bits / FULL_BITS);
            html.open("span", "class", "track", "aria-hidden", "true");
            html.element(
                    "i",
                    "",
                    "class",
                    bits > 1.5 * FULL_BITS ? "bar before" : "bar after",
                    "style",
                    "width:" + Figures.plain(100 * share, 4) + "%");
            html.close();
        }
        html.close();
    }

    private static void alternative(
            HtmlWriter html, String key, @Nullable Alternative alternative) {
        if (alternative == null) {
            html.element("td", "\u2013", "class", "col-" + key, "data-v", "NaN");
            return;
        }
        html.open(
                "td",
                "class",
                "col-" + key,
                "data-v",
                Figures.plain(alternative.lossDifference(), 9));
        html.element("bdi", alternative.choice()).text(" ");
        html.element(
                "span",
                "%s, loss %s"
                        .formatted(
                                signed(
                                        (double) alternative.bytesDifference(),
                                        Figures.bytes(Math.abs(alternative.bytesDifference()))),
                                signed(
                                        alternative.lossDifference(),
                                        Figures.number(Math.abs(alternative.lossDifference())))),
                "class",
                "note");
        html.close();
    }

    private static String signed(double value, String size) {
        return (value < 0 ? "\u2212" : "+") + size;
    }
}
