package dev.fewbit.cli.command;

import dev.fewbit.Fewbit;
import dev.fewbit.FewbitException;
import dev.fewbit.Quantization;
import dev.fewbit.QuantizationResult;
import dev.fewbit.cli.Console;
import dev.fewbit.cli.ExitCode;
import dev.fewbit.cli.show.ComparisonText;
import dev.fewbit.cli.show.QuantizationText;
import dev.fewbit.cli.terminal.Page;
import dev.fewbit.cli.terminal.Style;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.Measuring;
import dev.fewbit.planning.PlanYaml;
import dev.fewbit.report.JsonReport;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.nio.file.Path;

/** {@code fewbit quantize MODEL -o OUT}: writes the model in few bits. */
final class QuantizeCommand implements Subcommand {
    private static final String TEST_DATA = "--test-data";
    private static final String NO_COMPARISON = "none";

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .header("Writes a model in few bits.")
                .customSynopsis("fewbit quantize MODEL -o OUT [OPTIONS]")
                .description(
                        "Writes a copy of a model with its weights in few bits. With --data,"
                                + " --test-data, --report or a gate, both models are then run side"
                                + " by side, as compare does it. What the levels of activations and"
                                + " the rounding were found on flatters the result; what it costs"
                                + " is best seen on others, --test-data.")
                .footer(
                        "  fewbit quantize model.onnx -o small.onnx",
                        "  fewbit quantize model.onnx -o small.onnx --recipe int4-weights --block"
                                + " 64",
                        "  fewbit quantize model.onnx -o small.onnx --recipe int4 --data"
                                + " samples.npz --test-data others.npz",
                        "  fewbit quantize model.onnx -o small.onnx --weights 3 --format codebook"
                                + " --activations float",
                        "  fewbit quantize model.onnx -o small.onnx --data samples.npz --report"
                                + " report.html",
                        "  fewbit plan model.onnx > plan.yaml      edit it, and then",
                        "  fewbit quantize model.onnx -o small.onnx --plan plan.yaml");
        spec.addPositional(Specs.file("MODEL", 0, "The float model; it is only read."));
        spec.addOption(
                Specs.option(
                        "OUT",
                        "The file to write. An existing one is replaced, when the new one is"
                                + " complete.",
                        "-o",
                        "--output"));
        spec.addOption(RecipeOptions.compact());
        RecipeOptions.describe(spec);
        ComparisonOptions.describe(spec);
        spec.addOption(
                Specs.option(
                        "DATA",
                        "Samples to run the two models on where these should not be those of"
                                + " --data; "
                                + NO_COMPARISON
                                + " to run them on nothing.",
                        TEST_DATA));
        Gates.describe(spec);
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException {
        RecipeOptions.check(arguments);
        ComparisonOptions.check(arguments);
        Path model = arguments.positional(0, "MODEL");
        Path output = OutputFiles.model(arguments.path("--output"), model);
        Path report = OutputFiles.report(arguments.path("--report"));
        Gates gates = Gates.of(arguments);
        boolean compares = compares(arguments, report != null || gates.any());

        Measuring measuring =
                measuring(report != null, compares || console.json() || console.verbose());
        Quantization quantization =
                Fewbit.quantize(model)
                        .threads(ComparisonOptions.threads(arguments))
                        .measuring(measuring)
                        .progress(console.progress());
        Path plan = arguments.path("--plan");
        quantization =
                plan == null
                        ? quantization.recipe(RecipeChoice.of(arguments, model))
                        : quantization.plan(PlanYaml.read(plan));
        if (arguments.has("--compact")) {
            quantization.compact();
        }
        RecipeOptions.calibrate(quantization, arguments);
        console.ifInterrupted("interrupted; " + output + " was not written");
        QuantizationResult result = write(quantization, output);
        console.ifInterrupted("interrupted; " + output + " is complete");

        Page page = console.page();
        QuantizationText.print(page, model, output, result, console.verbose());
        if (!compares) {
            if (console.json()) {
                JsonReport.write(result.findings(), console.document());
            }
            suggestComparing(page, model, output);
            return ExitCode.DONE;
        }
        Path data = arguments.path(arguments.has(TEST_DATA) ? TEST_DATA : "--data");
        Findings findings =
                ComparisonOptions.comparing(arguments, data, model, output, console)
                        .explainedBy(result)
                        .run();
        return show(findings, report, gates, console);
    }

    private static boolean compares(Arguments arguments, boolean mustCompare) {
        boolean refused = NO_COMPARISON.equals(arguments.text(TEST_DATA));
        if (refused && mustCompare) {
            throw new UsageException(
                    TEST_DATA
                            + " "
                            + NO_COMPARISON
                            + " leaves nothing for --report and quality gates to tell of; leave"
                            + " one out");
        }
        boolean given = arguments.has(TEST_DATA) || arguments.has("--data");
        return mustCompare || (given && !refused);
    }

    /** Where nobody will read of errors, the time that finding them takes is saved. */
    private static Measuring measuring(boolean drawn, boolean told) {
        return drawn ? Measuring.DISTRIBUTIONS : told ? Measuring.ERRORS : Measuring.NOTHING;
    }

    /** The system's own words for a failed write name no file. */
    private static QuantizationResult write(Quantization quantization, Path output) {
        try {
            return quantization.writeTo(output);
        } catch (FewbitException e) {
            if (e.getCause() != null && e.getCause().getClass() == IOException.class) {
                throw new FewbitException(
                        "while writing "
                                + output
                                + ": "
                                + e.getMessage()
                                + ". Nothing was left behind",
                        e);
            }
            throw e;
        }
    }

    /** Shows a comparison in every form that was asked for; returns the exit code. */
    static int show(Findings findings, @Nullable Path report, Gates gates, Console console)
            throws IOException {
        ComparisonText.print(console.page(), findings, console.verbose());
        if (report != null) {
            ComparisonOptions.writeReport(findings, report, console);
        }
        if (console.json()) {
            JsonReport.write(findings, console.document());
        }
        return gates.check(findings, console);
    }

    private static void suggestComparing(Page page, Path model, Path output) {
        page.line();
        page.line("What it cost, side by side on your own samples (arrays, pictures or text):");
        page.line(
                "  "
                        + page.paint(
                                Style.COMMAND,
                                "fewbit compare %s %s --data DATA --report report.html"
                                        .formatted(
                                                ShellWords.quoted(model),
                                                ShellWords.quoted(output))));
    }
}
