package dev.fewbit.cli.show;

import dev.fewbit.cli.terminal.Numbers;
import dev.fewbit.cli.terminal.Page;
import dev.fewbit.cli.terminal.Style;
import dev.fewbit.cli.terminal.TextTable;
import dev.fewbit.cli.terminal.TextTable.Column;
import dev.fewbit.core.findings.TaskMetric;

import java.util.List;

/** How well both models do their task, for people. */
final class TaskText {

    private TaskText() {}

    /** Prints the metrics; nothing if there are none. */
    static void print(Page page, List<TaskMetric> metrics) {
        if (metrics.isEmpty()) {
            return;
        }
        page.heading("Task");
        TextTable table =
                new TextTable(
                        Column.name("METRIC"),
                        Column.number("ORIGINAL"),
                        Column.number("QUANTIZED"),
                        Column.number("DIFFERENCE"),
                        Column.number("+-").optional(),
                        Column.number("SAMPLES").optional());
        for (TaskMetric metric : metrics) {
            table.row(
                    metric.name(),
                    figure(metric, metric.original()),
                    figure(metric, metric.quantized()),
                    difference(metric),
                    error(metric, metric.differenceError()),
                    Numbers.count(metric.samples()));
        }
        page.table("  ", table);
        TaskMetric first = metrics.getFirst();
        if (!Double.isNaN(first.standardError())) {
            page.prose(
                    Style.FAINT,
                    "  ",
                    "+- is the standard error of the difference; that of the quantized model's "
                            + first.name()
                            + " is "
                            + error(first, first.standardError()));
        }
    }

    private static String figure(TaskMetric metric, double value) {
        return switch (metric.unit()) {
            case SHARE -> digits(metric, value) + " %";
            case NUMBER -> digits(metric, value);
        };
    }

    private static String difference(TaskMetric metric) {
        double difference = metric.quantized() - metric.original();
        return (difference > 0 ? "+" : "") + digits(metric, difference);
    }

    private static String error(TaskMetric metric, double value) {
        return Double.isNaN(value) ? "-" : digits(metric, value);
    }

    private static String digits(TaskMetric metric, double value) {
        return switch (metric.unit()) {
            case SHARE -> Numbers.fixed(100 * value, 2);
            case NUMBER -> Numbers.fixed(value, 4);
        };
    }
}
