package dev.fewbit.cli.show;

import dev.fewbit.cli.terminal.Numbers;
import dev.fewbit.cli.terminal.Page;
import dev.fewbit.cli.terminal.Style;
import dev.fewbit.cli.terminal.TextTable;
import dev.fewbit.cli.terminal.TextTable.Column;
import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Comparison.Kernel;
import dev.fewbit.core.findings.Comparison.LayerError;
import dev.fewbit.core.findings.Comparison.OutputError;
import dev.fewbit.core.findings.Comparison.Performance;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.Verdict;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Two models side by side, for people. */
public final class ComparisonText {

    private static final int WORST_LAYERS = 8;
    private static final int KERNELS = 6;

    /** Columns of a terminal in which the models have room side by side. */
    private static final int WIDE = 64;

    private ComparisonText() {}

    /**
     * Prints what was measured; nothing if the models were not run.
     *
     * @param all whether to list every layer and kernel instead of the most telling ones
     */
    public static void print(Page page, Findings findings, boolean all) {
        Comparison comparison = findings.comparison();
        if (comparison == null) {
            return;
        }
        printInputs(page, comparison);
        page.table("  ", figures(findings, comparison, page.columns() >= WIDE));
        page.prose(
                Style.FAINT,
                "  ",
                "ONNX Runtime "
                        + comparison.runtimeVersion()
                        + ", "
                        + Numbers.counted(comparison.threads(), "thread")
                        + ", "
                        + comparison.processor());
        TaskText.print(page, comparison.metrics());
        printOutputs(page, comparison.outputs());
        printLayers(page, comparison.layers(), all);
        WeightsText.print(page, findings.weights(), all);
        printKernels(page, comparison, all);
        for (String warning : comparison.warnings()) {
            page.line();
            page.labelled("", Style.WARNING, "note:", warning);
        }
        printVerdict(page, findings.verdict());
    }

    private static void printInputs(Page page, Comparison comparison) {
        Comparison.Inputs inputs = comparison.inputs();
        String description = inputs.description();
        page.heading("Side by side");
        if (inputs.random()) {
            page.labelled(
                    "  ",
                    Style.WARNING,
                    "RANDOM INPUTS:",
                    description
                            + ". Sizes, times and kernels are right, but the errors below say"
                            + " little about real use: give real samples with --data.");
        } else {
            page.prose(
                    "  ", "on " + Numbers.counted(inputs.samples(), "sample") + ": " + description);
        }
        page.line();
    }

    private static TextTable figures(Findings findings, Comparison comparison, boolean spreads) {
        TextTable table =
                new TextTable(
                        Column.text(""),
                        Column.number("ORIGINAL").optional(),
                        Column.number("QUANTIZED"),
                        Column.text(""));
        Performance before = comparison.original();
        Performance after = comparison.quantized();
        table.row(
                "file",
                Numbers.bytes(findings.original().fileBytes()),
                Numbers.bytes(findings.quantized().fileBytes()),
                ratio(
                        (double) findings.original().fileBytes(),
                        (double) findings.quantized().fileBytes(),
                        "smaller",
                        "larger"));
        table.row(
                "load",
                Numbers.millis(before.loadMillis()),
                Numbers.millis(after.loadMillis()),
                ratio(before.loadMillis(), after.loadMillis(), "faster", "slower"));
        table.row(
                "latency",
                Numbers.millis(before.latencyMillis()),
                Numbers.millis(after.latencyMillis()),
                ratio(before.latencyMillis(), after.latencyMillis(), "faster", "slower"));
        if (spreads) {
            table.row("  10 to 90 %", spread(before), spread(after), "");
        }
        table.row(
                "memory",
                memory(before.memoryBytes()),
                memory(after.memoryBytes()),
                before.memoryBytes() > 0 && after.memoryBytes() > 0
                        ? ratio(
                                (double) before.memoryBytes(),
                                (double) after.memoryBytes(),
                                "smaller",
                                "larger")
                        : "");
        return table;
    }

    private static String spread(Performance performance) {
        String low = Numbers.millis(performance.latencyLowMillis());
        return low.substring(0, low.indexOf(' '))
                + " - "
                + Numbers.millis(performance.latencyHighMillis());
    }

    private static String memory(long bytes) {
        return bytes < 0 ? "-" : Numbers.bytes(bytes);
    }

    /** Within a hundredth is the same: nothing here is measured more finely. */
    static String ratio(double before, double after, String better, String worse) {
        if (!(before > 0) || !(after > 0)) {
            return "";
        }
        double ratio = before / after;
        if (Math.abs(ratio - 1) < 0.01) {
            return "the same";
        }
        return ratio > 1
                ? Numbers.times(ratio) + " " + better
                : Numbers.times(1 / ratio) + " " + worse;
    }

    private static void printOutputs(Page page, List<OutputError> outputs) {
        page.heading("Outputs");
        TextTable table =
                new TextTable(
                        Column.name("OUTPUT"),
                        Column.number("SQNR"),
                        Column.number("COSINE"),
                        Column.number("WORST").optional(),
                        Column.number("MAX ERROR").optional(),
                        Column.number("TOP-1").optional());
        for (OutputError output : outputs) {
            table.row(
                    output.name(),
                    Numbers.decibels(output.sqnrDecibels()),
                    Numbers.fixed(output.cosineMean(), 5),
                    Numbers.fixed(output.cosineMinimum(), 5),
                    Numbers.significant(output.maximumError()),
                    Numbers.percent(output.topOneAgreement()));
        }
        page.table("  ", table);
    }

    private static void printLayers(Page page, List<LayerError> layers, boolean all) {
        if (layers.isEmpty()) {
            return;
        }
        List<LayerError> shown =
                all
                        ? layers
                        : layers.stream()
                                .sorted(Comparator.comparingDouble(LayerError::sqnrDecibels))
                                .limit(WORST_LAYERS)
                                .toList();
        page.heading(
                all || shown.size() == layers.size()
                        ? "Error at every layer"
                        : "Worst " + shown.size() + " of " + layers.size() + " layers");
        TextTable table =
                new TextTable(
                        Column.text("OPERATOR"),
                        Column.name("VALUE"),
                        Column.number("SQNR"),
                        Column.number("COSINE").optional());
        for (LayerError layer : shown) {
            table.row(
                    layer.operator(),
                    layer.value(),
                    Numbers.decibels(layer.sqnrDecibels()),
                    Numbers.fixed(layer.cosine(), 5));
        }
        page.table("  ", table);
    }

    private static void printKernels(Page page, Comparison comparison, boolean all) {
        List<Kernel> before = comparison.original().kernels();
        List<Kernel> after = comparison.quantized().kernels();
        if (before.isEmpty() && after.isEmpty()) {
            return;
        }
        page.heading("Kernels that ran, by time");
        if (page.columns() >= WIDE) {
            page.table(
                    "  ", kernels(all, List.of("ORIGINAL", "QUANTIZED"), List.of(before, after)));
        } else {
            page.table("  ", kernels(all, List.of("ORIGINAL"), List.of(before)));
            page.table("  ", kernels(all, List.of("QUANTIZED"), List.of(after)));
        }
    }

    /** The models stand side by side, three columns each. */
    private static TextTable kernels(boolean all, List<String> titles, List<List<Kernel>> models) {
        List<Column> columns = new ArrayList<>();
        for (String title : titles) {
            columns.add(Column.name(title));
            columns.add(Column.number(""));
            columns.add(Column.number(""));
        }
        int rows = 0;
        for (List<Kernel> model : models) {
            rows = Math.max(rows, model.size());
        }
        TextTable table = new TextTable(columns.toArray(Column[]::new));
        for (int i = 0; i < (all ? rows : Math.min(rows, KERNELS)); i++) {
            List<String> cells = new ArrayList<>();
            for (List<Kernel> model : models) {
                boolean there = i < model.size();
                cells.add(there ? model.get(i).operator() : "");
                cells.add(there ? "x" + model.get(i).count() : "");
                cells.add(there ? Numbers.percent(model.get(i).timeShare()) : "");
            }
            table.row(cells.toArray());
        }
        return table;
    }

    private static void printVerdict(Page page, @Nullable Verdict verdict) {
        if (verdict == null) {
            return;
        }
        page.line();
        Style style =
                switch (verdict.grade()) {
                    case WORTH_IT -> Style.GOOD;
                    case WITH_CARE -> Style.WARNING;
                    case NOT_WORTH_IT -> Style.BAD;
                };
        page.prose(style, "", verdict.headline());
        for (String reason : verdict.reasons()) {
            page.labelled("  ", Style.FAINT, "-", reason);
        }
    }
}
