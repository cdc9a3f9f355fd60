package dev.fewbit.cli.show;

import dev.fewbit.Inspection;
import dev.fewbit.Inspection.InspectedWeight;
import dev.fewbit.cli.terminal.Numbers;
import dev.fewbit.cli.terminal.Page;
import dev.fewbit.cli.terminal.Style;
import dev.fewbit.cli.terminal.TextTable;
import dev.fewbit.cli.terminal.TextTable.Column;
import dev.fewbit.core.findings.ModelFacts;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What is in a model, for people. */
public final class InspectionText {

    private InspectionText() {}

    /**
     * Prints it.
     *
     * @param oneByOne whether to list every tensor that cannot be quantized
     */
    public static void print(Page page, Inspection inspection, boolean oneByOne) {
        printFacts(page, inspection.facts());
        printValues(page, inspection);
        printOperators(page, inspection);
        printWeights(page, inspection);
        SkippedText.print(page, inspection.others(), oneByOne);
    }

    private static void printFacts(Page page, ModelFacts facts) {
        page.prose(Style.STRONG, "", facts.file());
        List<String> opsets = new ArrayList<>();
        new TreeMap<>(facts.opsets())
                .forEach((domain, version) -> opsets.add(domain + " " + version));
        page.prose(
                "  ",
                Numbers.bytes(facts.fileBytes())
                        + ", of which weights "
                        + Numbers.bytes(facts.weightBytes())
                        + "; "
                        + Numbers.counted(facts.parameters(), "parameter")
                        + "; "
                        + Numbers.counted(facts.nodes(), "node")
                        + "; operator set "
                        + String.join(", ", opsets)
                        + "; IR "
                        + facts.irVersion());
    }

    private static void printValues(Page page, Inspection inspection) {
        TextTable table =
                new TextTable(
                        Column.text(""),
                        Column.name(""),
                        Column.text("").optional(),
                        Column.name(""));
        inspection
                .inputs()
                .forEach(value -> table.row("input", value.name(), value.type(), value.shape()));
        inspection
                .outputs()
                .forEach(value -> table.row("output", value.name(), value.type(), value.shape()));
        page.line();
        page.table("  ", table);
    }

    private static void printOperators(Page page, Inspection inspection) {
        List<String> operators = new ArrayList<>();
        inspection.operators().forEach(each -> operators.add(each.operator() + " " + each.count()));
        if (!operators.isEmpty()) {
            page.heading("Operators");
            page.prose("  ", String.join(", ", operators));
        }
    }

    private static void printWeights(Page page, Inspection inspection) {
        List<InspectedWeight> weights = inspection.weights();
        if (weights.isEmpty()) {
            page.heading("Nothing can be quantized");
            return;
        }
        long bytes = weights.stream().mapToLong(InspectedWeight::bytes).sum();
        page.heading(
                "Can be quantized: "
                        + Numbers.counted(weights.size(), "tensor")
                        + ", "
                        + Numbers.bytes(bytes));
        TextTable table =
                new TextTable(
                        Column.text("OPERATOR"),
                        Column.name("TENSOR"),
                        Column.text("SHAPE").optional(),
                        Column.number("SIZE"),
                        Column.number("MIN").optional(),
                        Column.number("MAX").optional(),
                        Column.number("STD").optional(),
                        Column.name("8-BIT ENCODING").optional());
        for (InspectedWeight weight : weights) {
            table.row(
                    weight.operator(),
                    weight.tensor(),
                    Numbers.shape(weight.shape()),
                    Numbers.bytes(weight.bytes()),
                    Numbers.significant(weight.minimum()),
                    Numbers.significant(weight.maximum()),
                    Numbers.significant(weight.standardDeviation()),
                    weight.encodings());
        }
        page.table("  ", table);
    }
}
