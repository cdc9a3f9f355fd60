package dev.fewbit.report.html;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.TaskMetric;

import java.util.Locale;

/** The metrics of the task, float and quantized, on the same labelled data. */
final class TaskSection {

    private TaskSection() {}

    static void write(HtmlWriter html, Comparison comparison) {
        html.open(
                "div",
                "class",
                "scroll",
                "tabindex",
                "0",
                "role",
                "region",
                "aria-label",
                "Metrics of the task");
        html.open("table", "class", "plain");
        html.open("thead").open("tr");
        html.element("th", "Metric", "scope", "col");
        for (String title :
                new String[] {
                    "Float",
                    "Quantized",
                    "Difference",
                    "Its standard error",
                    "Standard error",
                    "Samples"
                }) {
            html.element("th", title, "scope", "col", "class", "number");
        }
        html.close().close();
        html.open("tbody");
        for (TaskMetric metric : comparison.metrics()) {
            html.open("tr");
            html.open("th", "scope", "row").name(metric.name()).close();
            double difference = metric.quantized() - metric.original();
            cell(html, figure(metric, metric.original()));
            cell(html, figure(metric, metric.quantized()));
            cell(html, (difference > 0 ? "+" : "") + figure(metric, difference));
            cell(html, figure(metric, metric.differenceError()));
            cell(html, figure(metric, metric.standardError()));
            cell(html, Figures.count(metric.samples()));
            html.closeLine();
        }
        html.close().close().closeLine();
        html.element(
                "p",
                "Both models answered the same questions, so the difference is known better than"
                        + " either figure: less than two of its standard errors may be chance. The"
                        + " standard error is that of the quantized model\u2019s figure.",
                "class",
                "note");
    }

    private static void cell(HtmlWriter html, String text) {
        html.element("td", text, "class", "number");
    }

    /** A figure in its unit. */
    static String figure(TaskMetric metric, double value) {
        if (Double.isNaN(value)) {
            return "unknown";
        }
        String text =
                switch (metric.unit()) {
                    case SHARE -> String.format(Locale.ROOT, "%.2f\u00A0%%", 100 * value);
                    case NUMBER -> String.format(Locale.ROOT, "%.4f", value);
                };
        return text.replace('-', '\u2212');
    }
}
