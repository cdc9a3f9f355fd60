package dev.fewbit.cli.command;

import dev.fewbit.Fewbit;
import dev.fewbit.ModelComparing;
import dev.fewbit.cli.Console;
import dev.fewbit.cli.terminal.Page;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.report.HtmlReport;

import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.nio.file.Path;

/** The options of everything that runs two models side by side. */
final class ComparisonOptions {

    private ComparisonOptions() {}

    static void describe(CommandSpec spec) {
        Specs.addGroup(
                spec,
                "Side by side",
                Specs.option(
                        "DATA",
                        "Samples to run the models on: .npz or .npy (arrays named like the inputs,"
                            + " first axis = samples) or .jsonl (an object a line, input name ->"
                            + " nested numbers). Random inputs otherwise.",
                        "--data"),
                Specs.option(
                        "R.html",
                        "Write a report for people, one self-contained HTML file.",
                        "--report"),
                Specs.option(
                        "N", "Threads to use; the default is one per processor.", "--threads"));
    }

    /** Threads to use. */
    static int threads(Arguments arguments) {
        return arguments.number("--threads", 1, Runtime.getRuntime().availableProcessors());
    }

    /** A comparison set up as the options say. */
    static ModelComparing comparing(
            Arguments arguments, Path original, Path quantized, Console console) {
        ModelComparing comparing =
                Fewbit.compare(original, quantized)
                        .seed(arguments.seed("--seed", 0))
                        .progress(console.progress());
        if (arguments.has("--threads")) {
            comparing = comparing.threads(threads(arguments));
        }
        Path data = arguments.path("--data");
        return data == null ? comparing : comparing.data(data);
    }

    /** Writes the report and says where it is. */
    static void writeReport(Findings findings, Path report, Console console) throws IOException {
        HtmlReport.write(findings, report);
        Page page = console.page();
        page.line();
        page.line("Report: " + report);
    }
}
