package dev.fewbit.report.html;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.ModelFacts;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What it takes to measure the same again: data, machine, versions, plan and seed, and the two
 * files.
 */
final class ConditionsSection {

    private ConditionsSection() {}

    static void write(HtmlWriter html, Findings findings) {
        html.open("div", "class", "columns");
        html.open("div", "class", "division");
        html.element("h3", "The run");
        run(html, findings);
        html.close();
        html.open("div", "class", "division");
        html.element("h3", "The two files");
        files(html, findings.original(), findings.quantized());
        html.close();
        html.closeLine();
    }

    private static void run(HtmlWriter html, Findings findings) {
        html.open("dl", "class", "facts");
        String recipe = findings.recipe();
        fact(html, "Recipe", recipe == null ? "none: two existing files were compared" : recipe);
        String planHash = findings.planHash();
        fact(html, "Plan", planHash == null ? "none" : planHash);
        fact(html, "Seed", Long.toString(findings.seed()));
        fact(html, "Fewbit", findings.toolVersion());
        Comparison comparison = findings.comparison();
        if (comparison == null) {
            fact(html, "Run on", "nothing: the models were not run");
        } else {
            Comparison.Inputs inputs = comparison.inputs();
            fact(html, "Inputs", inputs.description() + (inputs.random() ? " (random)" : ""));
            fact(html, "Samples", Figures.count(inputs.samples()));
            fact(html, "Runtime", "ONNX Runtime " + comparison.runtimeVersion());
            fact(html, "Processor", comparison.processor());
            fact(html, "Threads", Integer.toString(comparison.threads()));
        }
        html.close();
    }

    private static void fact(HtmlWriter html, String name, String value) {
        html.element("dt", name);
        html.open("dd").element("bdi", value).close();
    }

    private static void files(HtmlWriter html, ModelFacts before, ModelFacts after) {
        FigureTable.open(html, "The two files", "", "Before", "After");
        row(html, "File", before, after, ModelFacts::file);
        row(html, "Size", before, after, model -> Figures.bytes(model.fileBytes()));
        row(
                html,
                "Exact size",
                before,
                after,
                model -> Figures.count(model.fileBytes()) + "\u00A0B");
        row(html, "Constant tensors", before, after, model -> Figures.bytes(model.weightBytes()));
        row(html, "Parameters", before, after, model -> Figures.count(model.parameters()));
        row(html, "Nodes", before, after, model -> Figures.count(model.nodes()));
        row(html, "ONNX IR version", before, after, model -> Long.toString(model.irVersion()));
        row(html, "Operator sets", before, after, ConditionsSection::opsets);
        FigureTable.close(html);
    }

    private static void row(
            HtmlWriter html,
            String name,
            ModelFacts before,
            ModelFacts after,
            Function<ModelFacts, String> value) {
        html.open("tr");
        html.element("th", name, "scope", "row");
        for (ModelFacts model : new ModelFacts[] {before, after}) {
            html.open("td", "class", "number").element("bdi", value.apply(model)).close();
        }
        html.closeLine();
    }

    /** Sorted: the order of an immutable map changes from one process to the next. */
    private static String opsets(ModelFacts model) {
        Map<String, Long> sorted = new TreeMap<>(model.opsets());
        return sorted.entrySet().stream()
                .map(opset -> opset.getKey() + "\u00A0" + opset.getValue())
                .collect(Collectors.joining(", "));
    }
}
