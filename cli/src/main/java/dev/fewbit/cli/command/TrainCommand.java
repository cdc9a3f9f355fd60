package dev.fewbit.cli.command;

import dev.fewbit.Fewbit;
import dev.fewbit.FewbitException;
import dev.fewbit.QuantizationResult;
import dev.fewbit.Training;
import dev.fewbit.cli.Console;
import dev.fewbit.cli.ExitCode;
import dev.fewbit.cli.show.QuantizationText;
import dev.fewbit.cli.terminal.Page;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.Measuring;
import dev.fewbit.planning.PlanYaml;
import dev.fewbit.report.JsonReport;

import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code fewbit train MODEL -o OUT --data DATA}: a network trained with its quantizers. */
final class TrainCommand implements Subcommand {

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .header("Trains a model for few bits.")
                .customSynopsis("fewbit train MODEL -o OUT --data DATA [OPTIONS]")
                .description(
                        "Trains the network with its weights and activations rounded as they will"
                                + " be in the written model, which brings back what rounding took."
                                + " Starts from what quantize makes of it. Needs no labels: it goes"
                                + " by what the float model answers. The best model so far is"
                                + " always in OUT.")
                .footer(
                        "  fewbit train model.onnx -o small.onnx --data samples.npz --weights 4",
                        "  fewbit train model.onnx -o small.onnx --data samples.npz --weights 2"
                                + " --activations 2 --labels --epochs 30 --checkpoint state",
                        "  fewbit train model.onnx -o small.onnx --data samples.npz --plan"
                                + " plan.yaml");
        spec.addPositional(Specs.file("MODEL", 0, "The float model; it is only read."));
        spec.addOption(
                Specs.option(
                        "OUT",
                        "The file to write. It is replaced as a whole by better ones.",
                        "-o",
                        "--output"));
        Specs.addGroup(
                spec,
                "How to train",
                Specs.flag("Go by the labels of the data, too.", "--labels"),
                Specs.option(
                        "N",
                        "How often to go through the data; the default is 20, and 500 steps at"
                                + " least.",
                        "--epochs"),
                Specs.option("N", "Steps at most.", "--steps"),
                Specs.option(
                        "N",
                        "Samples of a step; the default is 128 of small pictures, 32 of all else.",
                        "--batch"),
                Specs.option(
                        "RATE",
                        "The highest learning rate; the default is 0.001 with momentum for networks"
                                + " of convolutions, and 0.0001 with Adam for others.",
                        "--rate"),
                Specs.option(
                        "FOLDER",
                        "Keep the state here from time to time, and go on from it after an"
                                + " interruption, with the same result.",
                        "--checkpoint"));
        spec.addOption(RecipeOptions.compact());
        RecipeOptions.describe(spec);
        ComparisonOptions.describe(spec);
        spec.addOption(
                Specs.option(
                        "DATA",
                        "Samples to run the two models on in the end; they should not be those of"
                                + " --data.",
                        "--test-data"));
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
        Path data = arguments.path("--data");
        if (data == null) {
            throw new UsageException("training needs --data: samples to train on");
        }
        Path testData = arguments.path("--test-data");
        if (testData != null && !Files.exists(testData)) {
            // Otherwise it would be said after hours of training.
            throw new FewbitException(
                    testData + ": there is no such file. Check the path after --test-data");
        }
        boolean compares = report != null || gates.any() || testData != null;
        Training training =
                described(Fewbit.train(model, data), model, arguments)
                        .measuring(report != null ? Measuring.DISTRIBUTIONS : Measuring.ERRORS)
                        .progress(console.progress());
        console.ifInterrupted(
                "interrupted; " + output + " is the best model so far, if there is one yet");
        QuantizationResult result = training.writeTo(output);
        console.ifInterrupted("interrupted; " + output + " is complete");
        Page page = console.page();
        QuantizationText.print(page, model, output, result, console.verbose());
        if (!compares) {
            if (console.json()) {
                JsonReport.write(result.findings(), console.document());
            }
            return ExitCode.DONE;
        }
        Findings findings =
                ComparisonOptions.comparing(
                                arguments,
                                testData == null ? data : testData,
                                model,
                                output,
                                console)
                        .explainedBy(result)
                        .run();
        return QuantizeCommand.show(findings, report, gates, console);
    }

    private static Training described(Training training, Path model, Arguments arguments)
            throws IOException {
        Path plan = arguments.path("--plan");
        if (plan == null) {
            training.recipe(RecipeChoice.of(arguments, model));
        } else {
            training.plan(PlanYaml.read(plan));
        }
        if (arguments.has("--labels")) {
            training.labels();
        }
        if (arguments.has("--epochs")) {
            training.epochs(arguments.number("--epochs", 1, 1));
        }
        if (arguments.has("--steps")) {
            training.steps(arguments.number("--steps", 1, 1));
        }
        if (arguments.has("--batch")) {
            training.batch(arguments.number("--batch", 1, 1));
        }
        double rate = arguments.real("--rate");
        if (!Double.isNaN(rate)) {
            if (!(rate > 0)) {
                throw new UsageException("--rate takes a positive number, got " + rate);
            }
            training.rate(rate);
        }
        Path checkpoint = arguments.path("--checkpoint");
        if (checkpoint != null) {
            training.checkpoint(checkpoint);
        }
        Path tokenizer = arguments.path("--tokenizer");
        if (tokenizer != null) {
            training.tokenizer(tokenizer);
        }
        if (arguments.has("--samples")) {
            training.samples(arguments.number("--samples", 1, 1));
        }
        if (arguments.has("--compact")) {
            training.compact();
        }
        return training.task(ComparisonOptions.task(arguments.text("--task")))
                .threads(ComparisonOptions.threads(arguments))
                .seed(arguments.seed("--seed", 0));
    }
}
