package dev.fewbit.report.html;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Comparison.LayerError;

import java.util.Comparator;
import java.util.List;

/**
 * The error of every value inside the network, in execution order. The chart is drawn by a script
 * from the rows of the table below it.
 */
final class LayersSection {

    private static final int WORST = 8;

    private static final List<Column> COLUMNS =
            List.of(
                    Column.number("order", "No.", "Place in the order of execution"),
                    Column.text("value", "Value"),
                    Column.text("operator", "Operator"),
                    Column.number(
                            "sqnr",
                            "SQNR (dB)",
                            "Signal-to-quantization-noise ratio, the error of earlier layers"
                                    + " included"),
                    Column.number(
                            "cosine",
                            "Cosine",
                            "1 means the same direction as in the float model"));

    private LayersSection() {}

    static void write(HtmlWriter html, Comparison comparison) {
        List<LayerError> layers = comparison.layers();
        if (layers.isEmpty()) {
            html.element(
                    "p",
                    "The error inside the network was not measured: the two models have no value in"
                            + " common, or it was not asked for.",
                    "class",
                    "empty");
            return;
        }
        html.element(
                "p",
                "How much noise each value carries, in execution order; the noise of earlier layers"
                    + " is included. Higher is better: at 20 dB the error is a tenth of the values,"
                    + " at 40 dB a hundredth.");
        html.element("div", "", "id", "layer-chart", "class", "chart script-only");
        worst(html, layers);
        html.open("details", "class", "all");
        html.element(
                "summary",
                layers.size() == 1
                        ? "The one value that both models have"
                        : "All " + Figures.count(layers.size()) + " values that both models have");
        Column.openTable(html, "layer-table", "Error of every value", COLUMNS);
        for (int i = 0; i < layers.size(); i++) {
            LayerError layer = layers.get(i);
            html.open("tr");
            Column.number(html, "order", i + 1, Figures.count(i + 1));
            String node = layer.node().isEmpty() ? "a node without a name" : "node " + layer.node();
            html.open("th", "scope", "row", "class", "col-value", "title", node);
            html.name(layer.value()).close();
            html.open("td", "class", "col-operator").element("bdi", layer.operator()).close();
            Column.number(
                    html,
                    "sqnr",
                    layer.sqnrDecibels(),
                    Figures.decibelNumber(layer.sqnrDecibels()));
            Column.number(html, "cosine", layer.cosine(), Figures.cosine(layer.cosine()));
            html.closeLine();
        }
        Column.closeTable(html);
        html.closeLine();
    }

    private static void worst(HtmlWriter html, List<LayerError> layers) {
        List<LayerError> worst =
                layers.stream()
                        .filter(layer -> layer.sqnrDecibels() != Double.POSITIVE_INFINITY)
                        .sorted(Comparator.comparingDouble(LayersSection::worstFirst))
                        .limit(WORST)
                        .toList();
        if (worst.isEmpty()) {
            html.element("p", "Every value is exactly the same in both models.");
            return;
        }
        html.element(
                "h3",
                worst.size() == 1
                        ? "The noisiest value"
                        : "The %d noisiest values".formatted(worst.size()));
        html.open("ol", "class", "worst");
        for (LayerError layer : worst) {
            html.open("li");
            html.name(layer.value()).text(" ");
            html.element("bdi", layer.operator(), "class", "note");
            html.element("b", Figures.decibels(layer.sqnrDecibels()));
            html.closeLine();
        }
        html.close();
    }

    /** What is not a number is worse than any number. */
    private static double worstFirst(LayerError layer) {
        return Double.isNaN(layer.sqnrDecibels()) ? Double.NEGATIVE_INFINITY : layer.sqnrDecibels();
    }
}
