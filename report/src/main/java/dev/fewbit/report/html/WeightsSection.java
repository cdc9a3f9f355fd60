package dev.fewbit.report.html;

import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.WeightFinding;

import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The table of quantized weights. Each row holds all that the detail below it shows, so that the
 * script needs no second copy of a name.
 */
final class WeightsSection {

    private static final List<Column> COLUMNS =
            List.of(
                    Column.text("tensor", "Tensor"),
                    Column.text("operator", "Operator"),
                    Column.number("shape", "Shape", "Dimensions; sorts by the number of elements"),
                    Column.text("format", "Format"),
                    Column.text(
                            "granularity",
                            "Granularity",
                            "What shares one scale: the whole tensor, a channel, or a block"),
                    Column.text(
                            "rounding",
                            "Rounding",
                            "How codes were chosen; by data where it is not nearest or hqq"),
                    Column.text("encoding", "Encoding", "How the graph stores and computes it"),
                    Column.number(
                            "bits",
                            "Bits",
                            "Stored bits for each weight, scales, zero points and learned levels"
                                    + " included"),
                    Column.number("before", "Before", "Bytes in the float model"),
                    Column.number(
                            "after",
                            "After",
                            "Bytes in the quantized model, scales, zero points and learned levels"
                                    + " included"),
                    Column.number(
                            "sqnr",
                            "SQNR (dB)",
                            "Signal-to-quantization-noise ratio of the weights themselves; higher"
                                    + " is better"),
                    Column.number(
                            "gap",
                            "Gap (dB)",
                            "How much more one table of levels for the whole tensor could reach at"
                                    + " best with as many bits; negative where scales of channels"
                                    + " or blocks do better than that"),
                    Column.drawing(
                            "spark",
                            "Weights",
                            "Distribution of the weights; heights are square roots of the counts,"
                                    + " so that tails show"),
                    Column.text("reason", "Reason"));

    private WeightsSection() {}

    static void write(HtmlWriter html, Findings findings) {
        List<WeightFinding> weights = findings.weights();
        if (weights.isEmpty()) {
            html.element("p", "No weight was quantized.", "class", "empty");
            return;
        }
        summary(html, weights);
        controls(html, weights);
        Column.openTable(html, "weight-table", "Quantized weights", COLUMNS, "id", "weights-view");
        for (int i = 0; i < weights.size(); i++) {
            row(html, i, weights.get(i));
        }
        Column.closeTable(html);
        html.element(
                "p",
                "Choose a weight to see how its values are distributed and which levels they were"
                        + " rounded to.",
                "class",
                "note script-only");
        if (findings.comparison() == null) {
            // Otherwise it stands under the error of the outputs.
            html.element("p", Decibels.NOTE, "class", "note");
        }
    }

    private static void summary(HtmlWriter html, List<WeightFinding> weights) {
        long before = weights.stream().mapToLong(WeightFinding::floatBytes).sum();
        long after = weights.stream().mapToLong(WeightFinding::quantizedBytes).sum();
        double elements = weights.stream().mapToDouble(WeightsSection::elements).sum();
        double bits =
                weights.stream()
                                .mapToDouble(weight -> weight.bitsPerWeight() * elements(weight))
                                .sum()
                        / elements;
        String average =
                elements > 0 && Double.isFinite(bits)
                        ? ", %s bits for each weight on average"
                                .formatted(Figures.significant(bits, 3))
                        : "";
        html.element(
                "p",
                "%s, %s before and %s after%s."
                        .formatted(
                                Figures.count(weights.size(), "tensor", "tensors"),
                                Figures.bytes(before),
                                Figures.bytes(after),
                                average));
    }

    private static void controls(HtmlWriter html, List<WeightFinding> weights) {
        html.open("form", "id", "weight-controls", "class", "controls script-only");
        html.open("label").text("Find ");
        html.empty(
                "input",
                "type",
                "search",
                "name",
                "filter",
                "placeholder",
                "name, shape, reason \u2026",
                "autocomplete",
                "off",
                "spellcheck",
                "false");
        html.close();
        choice(html, "Operator", "operator", weights, WeightFinding::operator);
        choice(html, "Format", "format", weights, WeightFinding::format);
        html.element("output", "", "id", "weight-count", "aria-live", "polite");
        html.closeLine();
    }

    private static void choice(
            HtmlWriter html,
            String label,
            String name,
            List<WeightFinding> weights,
            Function<WeightFinding, String> value) {
        html.open("label").text(label + " ");
        html.open("select", "name", name);
        html.element("option", "all", "value", "");
        // Empty means all; a weight without an operator is found by leaving the choice alone.
        for (String option :
                new TreeSet<>(
                        weights.stream().map(value).filter(text -> !text.isEmpty()).toList())) {
            html.element("option", option, "value", option);
        }
        html.close().close();
    }

    private static void row(HtmlWriter html, int index, WeightFinding weight) {
        html.open(
                "tr",
                "data-i",
                Integer.toString(index),
                "data-nodes",
                String.join(", ", weight.nodes()),
                "data-range",
                Figures.number(weight.minimum()) + " to " + Figures.number(weight.maximum()),
                "data-error",
                Figures.number(weight.maximumError()),
                "data-limit",
                Figures.gapNumber(weight.limitDecibels()));
        html.open("th", "scope", "row", "class", "col-tensor");
        html.open("button", "type", "button", "class", "pick", "aria-expanded", "false")
                .name(weight.tensor())
                .close()
                .close();
        text(html, "operator", weight.operator());
        Column.number(html, "shape", elements(weight), Figures.shape(weight.shape()));
        text(html, "format", weight.format());
        text(html, "granularity", weight.granularity());
        text(html, "rounding", weight.rounding());
        text(html, "encoding", weight.encoding());
        Column.number(
                html,
                "bits",
                weight.bitsPerWeight(),
                Figures.significant(weight.bitsPerWeight(), 3));
        Column.number(
                html, "before", (double) weight.floatBytes(), Figures.bytes(weight.floatBytes()));
        Column.number(
                html,
                "after",
                (double) weight.quantizedBytes(),
                Figures.bytes(weight.quantizedBytes()));
        Column.number(
                html, "sqnr", weight.sqnrDecibels(), Figures.decibelNumber(weight.sqnrDecibels()));
        Column.number(html, "gap", weight.gapDecibels(), Figures.gapNumber(weight.gapDecibels()));
        html.open("td", "class", "col-spark");
        Histograms.spark(html, weight.histogram());
        html.close();
        text(html, "reason", weight.reason());
        html.closeLine();
    }

    private static void text(HtmlWriter html, String key, String text) {
        html.open("td", "class", "col-" + key).element("bdi", text).close();
    }

    private static double elements(WeightFinding weight) {
        return weight.shape().stream().mapToDouble(Long::doubleValue).reduce(1, (a, b) -> a * b);
    }
}
