package dev.fewbit.report.html;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Comparison.OutputError;

/** The error of every output of the model, on the samples it was run on. */
final class OutputsSection {

    private OutputsSection() {}

    static void write(HtmlWriter html, Comparison comparison) {
        if (comparison.outputs().isEmpty()) {
            html.element("p", "No output was compared.", "class", "empty");
            return;
        }
        html.open(
                "div",
                "class",
                "scroll",
                "tabindex",
                "0",
                "role",
                "region",
                "aria-label",
                "Error of the outputs");
        html.open("table", "class", "plain");
        html.open("thead").open("tr");
        html.element("th", "Output", "scope", "col");
        for (String title :
                new String[] {
                    "SQNR (dB)",
                    "Cosine, mean",
                    "Cosine, worst sample",
                    "Largest error",
                    "Same first choice"
                }) {
            html.element("th", title, "scope", "col", "class", "number");
        }
        html.close().close();
        html.open("tbody");
        for (OutputError output : comparison.outputs()) {
            html.open("tr");
            html.open("th", "scope", "row").name(output.name()).close();
            html.element("td", Figures.decibelNumber(output.sqnrDecibels()), "class", "number");
            html.element("td", Figures.cosine(output.cosineMean()), "class", "number");
            html.element("td", Figures.cosine(output.cosineMinimum()), "class", "number");
            html.element("td", Figures.number(output.maximumError()), "class", "number");
            html.element("td", Figures.percent(output.topOneAgreement()), "class", "number");
            html.closeLine();
        }
        html.close().close().closeLine();
        html.element("p", Decibels.NOTE, "class", "note");
        html.element(
                "p",
                "The cosine compares directions: 1 is the same, 0 unrelated. \u201cSame first"
                    + " choice\u201d is how often the largest element of a row, a classifier\u2019s"
                    + " answer, is the same in both models.",
                "class",
                "note");
    }
}
