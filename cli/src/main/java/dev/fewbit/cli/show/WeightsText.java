package dev.fewbit.cli.show;

import dev.fewbit.cli.terminal.Numbers;
import dev.fewbit.cli.terminal.Page;
import dev.fewbit.cli.terminal.Style;
import dev.fewbit.cli.terminal.TextTable;
import dev.fewbit.cli.terminal.TextTable.Column;
import dev.fewbit.core.findings.WeightFinding;

import java.util.Comparator;
import java.util.List;

/** How well the weights of a model were quantized for the bits that they take. */
final class WeightsText {

    private static final int FURTHEST = 8;

    private WeightsText() {}

    /**
     * Prints the weights that are furthest from their limit; nothing if no limit is known.
     *
     * @param all whether to list every weight
     */
    static void print(Page page, List<WeightFinding> weights, boolean all) {
        List<WeightFinding> known =
                weights.stream()
                        .filter(weight -> !Double.isNaN(weight.gapDecibels()))
                        .sorted(Comparator.comparingDouble(WeightFinding::gapDecibels).reversed())
                        .toList();
        if (known.isEmpty()) {
            return;
        }
        boolean some = !all && known.size() > FURTHEST;
        page.heading(
                some
                        ? "Weights, the %d of %s furthest from their limit"
                                .formatted(FURTHEST, Numbers.count(known.size()))
                        : "Weights");
        TextTable table =
                new TextTable(
                        Column.name("TENSOR"),
                        Column.text("FORMAT"),
                        Column.number("BITS/WEIGHT"),
                        Column.number("SQNR"),
                        Column.number("LIMIT").optional(),
                        Column.number("GAP"));
        for (WeightFinding weight : some ? known.subList(0, FURTHEST) : known) {
            table.row(
                    weight.tensor(),
                    weight.format(),
                    Numbers.fixed(weight.bitsPerWeight(), 2),
                    Numbers.decibels(weight.sqnrDecibels()),
                    Numbers.decibels(weight.limitDecibels()),
                    Numbers.fixed(weight.gapDecibels(), 1) + " dB");
        }
        page.table("  ", table);
        page.prose(
                Style.FAINT,
                "  ",
                "The limit is what one table of levels for the whole tensor could reach with as"
                        + " many bits; scales for channels or blocks can do better, and the gap is"
                        + " negative then.");
    }
}
