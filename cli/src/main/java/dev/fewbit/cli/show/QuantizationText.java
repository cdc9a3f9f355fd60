package dev.fewbit.cli.show;

import dev.fewbit.QuantizationResult;
import dev.fewbit.cli.terminal.Numbers;
import dev.fewbit.cli.terminal.Page;
import dev.fewbit.cli.terminal.Printable;
import dev.fewbit.cli.terminal.Style;
import dev.fewbit.cli.terminal.TextTable;
import dev.fewbit.cli.terminal.TextTable.Column;
import dev.fewbit.core.findings.WeightFinding;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What came of a quantization, for people. */
public final class QuantizationText {

    private QuantizationText() {}

    /**
     * Prints it.
     *
     * @param oneByOne whether to list every tensor instead of groups of them
     */
    public static void print(
            Page page, Path model, Path output, QuantizationResult result, boolean oneByOne) {
        long before = result.original().fileBytes();
        long after = result.quantized().fileBytes();
        page.line(
                page.paint(
                        Style.STRONG,
                        "%s -> %s"
                                .formatted(
                                        Printable.of(model.toString()),
                                        Printable.of(output.toString()))));
        TextTable summary = new TextTable(Column.text(""), Column.text(""));
        summary.row("recipe", result.plan().recipe());
        summary.row(
                "file",
                Numbers.bytes(before)
                        + " -> "
                        + Numbers.bytes(after)
                        + ", "
                        + sizeRatio(before, after));
        summary.row(
                "weights",
                Numbers.count(result.weights().size())
                        + " quantized, "
                        + Numbers.count(result.skipped().size())
                        + " left as they are");
        summary.row("time", Numbers.seconds(result.elapsed()));
        page.table("  ", summary);
        printTuning(page, result, oneByOne);
        if (!result.weights().isEmpty()) {
            page.heading("Quantized");
            page.table("  ", oneByOne ? oneByOne(result.weights()) : groups(result.weights()));
        }
        SkippedText.print(page, result.skipped(), oneByOne);
    }

    private static void printTuning(Page page, QuantizationResult result, boolean all) {
        List<String> notes = result.notes();
        if (!notes.isEmpty()) {
            String label = result.search() == null ? "tuning:" : "search:";
            page.labelled("  ", Style.FAINT, label, notes.getFirst());
        }
        if (all && notes.size() > 1) {
            page.heading(result.search() == null ? "Tuning" : "Rounding");
            notes.subList(1, notes.size()).forEach(note -> page.prose("  ", note));
        }
        for (String warning : result.warnings()) {
            page.line();
            page.labelled("", Style.WARNING, "WARNING:", warning);
        }
    }

    private static String sizeRatio(long before, long after) {
        return after <= before
                ? Numbers.times((double) before / after) + " smaller"
                : Numbers.times((double) after / before) + " larger";
    }

    /** What groups of weights have in common. */
    private record Kind(
            String operator, String format, String granularity, String rounding, String encoding) {}

    /** Title of the column that tells the rounding; none where all of it is the plain one. */
    private static String roundingTitle(List<WeightFinding> weights) {
        return weights.stream().allMatch(weight -> weight.rounding().equals("nearest"))
                ? ""
                : "ROUNDING";
    }

    private static String rounding(String rounding, String title) {
        return title.isEmpty() ? "" : rounding;
    }

    private static TextTable groups(List<WeightFinding> weights) {
        Map<Kind, List<WeightFinding>> groups = new LinkedHashMap<>();
        for (WeightFinding weight : weights) {
            groups.computeIfAbsent(
                            new Kind(
                                    weight.operator(),
                                    weight.format(),
                                    weight.granularity(),
                                    weight.rounding(),
                                    weight.encoding()),
                            kind -> new ArrayList<>())
                    .add(weight);
        }
        String rounding = roundingTitle(weights);
        boolean measured =
                weights.stream().noneMatch(weight -> Double.isNaN(weight.sqnrDecibels()));
        TextTable table =
                new TextTable(
                        Column.number("TENSORS"),
                        Column.text("OPERATOR"),
                        Column.text("FORMAT"),
                        Column.text("SCALES PER").optional(),
                        Column.number("BEFORE"),
                        Column.number("AFTER"),
                        Column.number("BITS/WEIGHT"),
                        Column.text(rounding).optional(),
                        Column.name("ENCODING").optional(),
                        Column.number(measured ? "WORST SQNR" : "").optional());
        groups.forEach(
                (kind, group) ->
                        table.row(
                                group.size(),
                                kind.operator(),
                                kind.format(),
                                kind.granularity(),
                                Numbers.bytes(
                                        group.stream().mapToLong(WeightFinding::floatBytes).sum()),
                                Numbers.bytes(
                                        group.stream()
                                                .mapToLong(WeightFinding::quantizedBytes)
                                                .sum()),
                                Numbers.fixed(bitsPerWeight(group), 2),
                                rounding(kind.rounding(), rounding),
                                kind.encoding(),
                                measured ? Numbers.decibels(worst(group)) : ""));
        return table;
    }

    private static double worst(List<WeightFinding> weights) {
        return weights.stream().mapToDouble(WeightFinding::sqnrDecibels).min().orElse(Double.NaN);
    }

    private static double bitsPerWeight(List<WeightFinding> weights) {
        double bits = 0;
        double elements = 0;
        for (WeightFinding weight : weights) {
            double count =
                    weight.shape().stream()
                            .mapToDouble(Long::doubleValue)
                            .reduce(1, (a, b) -> a * b);
            bits += weight.bitsPerWeight() * count;
            elements += count;
        }
        return bits / elements;
    }

    private static TextTable oneByOne(List<WeightFinding> weights) {
        String rounding = roundingTitle(weights);
        boolean limited = weights.stream().noneMatch(weight -> Double.isNaN(weight.gapDecibels()));
        TextTable table =
                new TextTable(
                        Column.name("TENSOR"),
                        Column.text("OPERATOR").optional(),
                        Column.text("SHAPE").optional(),
                        Column.text("FORMAT"),
                        Column.text("SCALES PER").optional(),
                        Column.number("BEFORE"),
                        Column.number("AFTER"),
                        Column.number("BITS/WEIGHT").optional(),
                        Column.number("SQNR").optional(),
                        Column.number(limited ? "TO LIMIT" : "").optional(),
                        Column.text(rounding).optional(),
                        Column.name("ENCODING").optional());
        for (WeightFinding weight : weights) {
            table.row(
                    weight.tensor(),
                    weight.operator(),
                    Numbers.shape(weight.shape()),
                    weight.format(),
                    weight.granularity(),
                    Numbers.bytes(weight.floatBytes()),
                    Numbers.bytes(weight.quantizedBytes()),
                    Numbers.fixed(weight.bitsPerWeight(), 2),
                    Numbers.decibels(weight.sqnrDecibels()),
                    limited ? Numbers.fixed(weight.gapDecibels(), 1) + " dB" : "",
                    rounding(weight.rounding(), rounding),
                    weight.encoding());
        }
        return table;
    }
}
