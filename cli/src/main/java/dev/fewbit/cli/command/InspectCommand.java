package dev.fewbit.cli.command;

import dev.fewbit.Fewbit;
import dev.fewbit.Inspection;
import dev.fewbit.cli.Console;
import dev.fewbit.cli.ExitCode;
import dev.fewbit.cli.show.InspectionJson;
import dev.fewbit.cli.show.InspectionText;

import picocli.CommandLine.Model.CommandSpec;

/** {@code fewbit inspect MODEL}: what is in a model, and what can be quantized. */
final class InspectCommand implements Subcommand {

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .header("Shows what is in a model, and what can be quantized.")
                .customSynopsis("fewbit inspect MODEL [OPTIONS]")
                .description(
                        "Shows what is in a model: its layers with their sizes and ranges, what"
                                + " can be quantized and what not, and why. Changes nothing.")
                .footer(
                        "  fewbit inspect model.onnx",
                        "  fewbit inspect model.onnx --json | jq .facts");
        spec.addPositional(Specs.file("MODEL", 0, "The ONNX model."));
    }

    @Override
    public int run(Arguments arguments, Console console) {
        Inspection inspection = Fewbit.inspect(arguments.positional(0, "MODEL"));
        if (console.json()) {
            console.document().println(InspectionJson.write(inspection));
        } else {
            InspectionText.print(console.page(), inspection, console.verbose());
        }
        return ExitCode.DONE;
    }
}
