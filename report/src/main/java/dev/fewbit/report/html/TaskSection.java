package dev.fewbit.report.html;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.TaskMetric;

import java.util.Locale;

/** The metrics of the task, float and quantized, on the same labelled data. */
final class TaskSection {

    private TaskSection() {}

    static void write(HtmlWriter html, Comparison comparison) {
        FigureTable.open(
                html,
                "Metrics of the task",
                "Metric",
                "Float",
                "Quantized",
                "Difference",
                "Its standard error",
                "Standard error",
                "Samples");
        for (TaskMetric metric : comparison.metrics()) {
            double difference = metric.quantized() - metric.original();
            FigureTable.row(
                    html,
                    metric.name(),
                    figure(metric, metric.original()),
                    figure(metric, metric.quantized()),
                    (difference > 0 ? "+" : "") + figure(metric, difference),
                    figure(metric, metric.differenceError()),
                    figure(metric, metric.standardError()),
                    Figures.count(metric.samples()));
        }
        FigureTable.close(html);
        html.element(
                "p",
                "Both models answered the same questions, so the difference is known better than"
                        + " either figure: less than two of its standard errors may be chance. The"
                        + " standard error is that of the quantized model\u2019s figure.",
                "class",
                "note");
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
