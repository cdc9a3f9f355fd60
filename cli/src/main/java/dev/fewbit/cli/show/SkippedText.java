package dev.fewbit.cli.show;

import dev.fewbit.cli.terminal.Numbers;
import dev.fewbit.cli.terminal.Page;
import dev.fewbit.cli.terminal.Style;
import dev.fewbit.cli.terminal.TextTable;
import dev.fewbit.cli.terminal.TextTable.Column;
import dev.fewbit.core.findings.SkippedWeight;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The weights that stay as they are: by reason, or one by one. */
final class SkippedText {

    private SkippedText() {}

    static void print(Page page, List<SkippedWeight> skipped, boolean oneByOne) {
        if (skipped.isEmpty()) {
            return;
        }
        long bytes = skipped.stream().mapToLong(SkippedWeight::bytes).sum();
        page.heading(
                "Left as they are: "
                        + Numbers.counted(skipped.size(), "tensor")
                        + ", "
                        + Numbers.bytes(bytes));
        if (oneByOne) {
            printOneByOne(page, skipped);
        } else {
            printByReason(page, skipped);
        }
    }

    private static void printByReason(Page page, List<SkippedWeight> skipped) {
        Map<String, List<SkippedWeight>> byReason = new LinkedHashMap<>();
        for (SkippedWeight weight : skipped) {
            byReason.computeIfAbsent(weight.reason(), reason -> new ArrayList<>()).add(weight);
        }
        byReason.forEach(
                (reason, weights) -> {
                    long bytes = weights.stream().mapToLong(SkippedWeight::bytes).sum();
                    String which =
                            weights.size() == 1
                                    ? weights.getFirst().tensor()
                                    : Numbers.counted(weights.size(), "tensor");
                    page.item("  ", which + " (" + Numbers.bytes(bytes) + "): " + reason);
                });
        if (byReason.size() < skipped.size()) {
            page.prose(Style.FAINT, "  ", "--verbose lists them one by one.");
        }
    }

    private static void printOneByOne(Page page, List<SkippedWeight> skipped) {
        TextTable table =
                new TextTable(
                        Column.name("TENSOR"),
                        Column.text("OPERATOR").optional(),
                        Column.text("SHAPE").optional(),
                        Column.number("SIZE"),
                        Column.name("REASON"));
        for (SkippedWeight weight : skipped) {
            table.row(
                    weight.tensor(),
                    weight.operator(),
                    Numbers.shape(weight.shape()),
                    Numbers.bytes(weight.bytes()),
                    weight.reason());
        }
        page.table("  ", table);
    }
}
