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
        FigureTable.open(
                html,
                "Error of the outputs",
                "Output",
                "SQNR (dB)",
                "Cosine, mean",
                "Cosine, worst sample",
                "Largest error",
                "Same first choice");
        for (OutputError output : comparison.outputs()) {
            FigureTable.row(
                    html,
                    output.name(),
                    Figures.decibelNumber(output.sqnrDecibels()),
                    Figures.cosine(output.cosineMean()),
                    Figures.cosine(output.cosineMinimum()),
                    Figures.number(output.maximumError()),
                    Figures.percent(output.topOneAgreement()));
        }
        FigureTable.close(html);
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
