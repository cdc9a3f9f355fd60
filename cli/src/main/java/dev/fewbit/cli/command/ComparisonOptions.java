package dev.fewbit.cli.command;

import dev.fewbit.Fewbit;
import dev.fewbit.ModelComparing;
import dev.fewbit.cli.Console;
import dev.fewbit.cli.terminal.Page;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.TaskChoice;
import dev.fewbit.report.HtmlReport;

import org.jspecify.annotations.Nullable;

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
                        "Samples to run the models on: .npz, .npy or .jsonl (arrays named like the"
                            + " inputs), a folder or .zip of pictures with a data.yaml, sentences"
                            + " (.txt, .csv, .tsv, .jsonl), rows of tokens (.json). Random inputs"
                            + " otherwise.",
                        "--data"),
                Specs.choice(
                        "TASK",
                        TaskChoice.labels(),
                        "Which task's metric to take: {choices}. The default is auto: what the data"
                                + " tells.",
                        "--task"),
                Specs.option(
                        "N",
                        "Samples to run, or pairs of sentences; the default is all up to 10,000"
                                + " where there is a task, and 256 elsewhere. Calibration takes 512"
                                + " at most unless said otherwise here.",
                        "--samples"),
                Specs.option(
                        "TOKENIZER.json",
                        "The model's tokenizer, for sentences; the default is tokenizer.json beside"
                                + " the data or the model.",
                        "--tokenizer"),
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

    /**
     * A comparison set up as the options say.
     *
     * @param data what to run the models on; null for random inputs
     */
    static ModelComparing comparing(
            Arguments arguments,
            @Nullable Path data,
            Path original,
            Path quantized,
            Console console) {
        ModelComparing comparing =
                Fewbit.compare(original, quantized)
                        .seed(arguments.seed("--seed", 0))
                        .progress(console.progress());
        if (arguments.has("--threads")) {
            comparing = comparing.threads(threads(arguments));
        }
        if (arguments.has("--samples")) {
            comparing = comparing.samples(samples(arguments));
        }
        comparing = comparing.task(task(arguments.text("--task")));
        Path tokenizer = arguments.path("--tokenizer");
        if (tokenizer != null) {
            comparing = comparing.tokenizer(tokenizer);
        }
        return data == null ? comparing : comparing.data(data);
    }

    /** Refuses what makes no sense before anything is done. */
    static void check(Arguments arguments) {
        task(arguments.text("--task"));
        samples(arguments);
    }

    private static int samples(Arguments arguments) {
        return arguments.number("--samples", 1, 1);
    }

    /** The task that a word names. */
    static TaskChoice task(@Nullable String word) {
        try {
            return word == null ? TaskChoice.AUTO : TaskChoice.ofLabel(word);
        } catch (IllegalArgumentException unknown) {
            throw new UsageException("--task: " + unknown.getMessage(), unknown);
        }
    }

    /** Writes the report and says where it is. */
    static void writeReport(Findings findings, Path report, Console console) throws IOException {
        HtmlReport.write(findings, report);
        Page page = console.page();
        page.line();
        page.line("Report: " + report);
    }
}
