package dev.fewbit.cli.command;

import dev.fewbit.cli.Console;
import dev.fewbit.cli.terminal.Page;
import dev.fewbit.cli.terminal.Printable;
import dev.fewbit.cli.terminal.Style;
import dev.fewbit.core.findings.Findings;

import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.nio.file.Path;

/** {@code fewbit compare FLOAT QUANTIZED}: runs two models side by side. */
final class CompareCommand implements Subcommand {

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .header("Runs two models side by side: errors, size, speed.")
                .customSynopsis("fewbit compare FLOAT QUANTIZED [OPTIONS]")
                .description(
                        "Runs a float model and its quantized counterpart side by side in ONNX"
                            + " Runtime: errors of the outputs and of every layer, size, load time,"
                            + " latency, memory, and the kernels that really ran.")
                .footer(
                        "  fewbit compare model.onnx small.onnx --data samples.jsonl --report"
                                + " report.html",
                        "  fewbit compare model.onnx small.onnx --data samples.npz --min-cosine"
                                + " 0.99");
        spec.addPositional(Specs.file("FLOAT", 0, "The float model."));
        spec.addPositional(Specs.file("QUANTIZED", 1, "The model to hold against it."));
        ComparisonOptions.describe(spec);
        Gates.describe(spec);
        spec.addOption(Specs.option("N", "Seed of random inputs; the default is 0.", "--seed"));
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException {
        Path original = arguments.positional(0, "FLOAT");
        Path quantized = arguments.positional(1, "QUANTIZED");
        Path report = OutputFiles.report(arguments.path("--report"));
        Gates gates = Gates.of(arguments);
        Findings findings =
                ComparisonOptions.comparing(
                                arguments, arguments.path("--data"), original, quantized, console)
                        .run();
        Page page = console.page();
        page.line(
                page.paint(
                        Style.STRONG,
                        Printable.of(original.toString())
                                + " and "
                                + Printable.of(quantized.toString())));
        return QuantizeCommand.show(findings, report, gates, console);
    }
}
