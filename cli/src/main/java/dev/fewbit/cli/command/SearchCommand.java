package dev.fewbit.cli.command;

import dev.fewbit.Activations;
import dev.fewbit.Fewbit;
import dev.fewbit.FewbitException;
import dev.fewbit.PrecisionSearching;
import dev.fewbit.QuantizationResult;
import dev.fewbit.WeightFamily;
import dev.fewbit.cli.Console;
import dev.fewbit.cli.ExitCode;
import dev.fewbit.cli.show.QuantizationText;
import dev.fewbit.cli.show.SearchText;
import dev.fewbit.cli.terminal.Page;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.findings.SearchFindings;
import dev.fewbit.planning.PlanYaml;
import dev.fewbit.report.JsonReport;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code fewbit search MODEL -o OUT --data DATA}: the best model of a size. */
final class SearchCommand implements Subcommand {
    private static final String FLOAT = "float";
    private static final List<String> ACTIVATIONS = List.of("8", "16", "dynamic", FLOAT);
    private static final String MAX_SIZE = "--max-size";
    private static final String MAX_LOSS = "--max-loss";
    private static final String MAX_LATENCY = "--max-latency";

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .header("Finds the best model of a size: mixed precision.")
                .customSynopsis("fewbit search MODEL -o OUT --data DATA --max-size SIZE [OPTIONS]")
                .description(
                        "Gives every weight the format and width with which the whole model is best"
                                + " at a given size. Measures first what the outputs lose by each,"
                                + " on the samples and without labels; then allocates exactly."
                                + " Measurements are kept: after an interruption the search goes"
                                + " on where it was, and another size takes seconds. The best"
                                + " model so far is always in OUT.")
                .footer(
                        "  fewbit search model.onnx -o small.onnx --data samples.npz --max-size"
                                + " 190KB",
                        "  fewbit search model.onnx -o small.onnx --data samples.npz --max-size 30%"
                                + " --report report.html",
                        "  fewbit search model.onnx -o small.onnx --data samples.npz --max-loss"
                                + " 0.005 --formats affine --bits 3-8");
        spec.addPositional(Specs.file("MODEL", 0, "The float model; it is only read."));
        spec.addOption(
                Specs.option(
                        "OUT",
                        "The file to write, as soon as there is an answer. It is replaced as a"
                                + " whole by better ones.",
                        "-o",
                        "--output"));
        Specs.addGroup(
                spec,
                "What to look for",
                Specs.option(
                        "SIZE",
                        "The largest file: 12MB, 190KB, 4MiB, or a share of the float model such as"
                                + " 30%.",
                        MAX_SIZE),
                Specs.option(
                        "TIME",
                        "The longest time of a run on this machine: 1.2ms, 300us, or a share of the"
                                + " float model's such as 50%.",
                        MAX_LATENCY),
                Specs.option(
                        "X",
                        "What the model may lose at most: of the task's metric where the data has"
                                + " labels (0.01 is a point of accuracy), else the divergence of"
                                + " the outputs. Without --max-size the smallest such model is"
                                + " looked for.",
                        MAX_LOSS),
                Specs.option(
                        "LIST",
                        "Formats that weights may take, separated by commas: "
                                + String.join(", ", formats())
                                + ". The default is all.",
                        "--formats"),
                Specs.option(
                        "RANGE", "Widths that weights may take; the default is 2-8.", "--bits"),
                Specs.choice(
                        "HOW",
                        ACTIVATIONS,
                        "How activations are computed with: {choices}. The default is 8 for"
                                + " networks of convolutions and dynamic for others.",
                        "--activations"),
                Specs.flag(
                        "Stop at the first answer: no neighbours are tried, and layers are not"
                                + " rounded once more one after the other.",
                        "--quick"),
                RecipeOptions.compact(),
                Specs.option(
                        "FOLDER",
                        "Where measurements are kept; the default is the user's cache folder.",
                        "--measurements"),
                Specs.option("PLAN.yaml", "Write the plan of the model found, too.", "--plan-out"),
                Specs.option("N", "Seed of everything random; the default is 0.", "--seed"));
        ComparisonOptions.describe(spec);
        spec.addOption(
                Specs.option(
                        "DATA",
                        "Samples to run the two models on in the end where these should not be"
                                + " those of --data.",
                        "--test-data"));
        Gates.describe(spec);
    }

    private static List<String> formats() {
        return Stream.concat(
                        Arrays.stream(WeightFamily.values()).map(WeightFamily::label),
                        Stream.of(FLOAT))
                .toList();
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException {
        ComparisonOptions.check(arguments);
        Path model = arguments.positional(0, "MODEL");
        Path output = OutputFiles.model(arguments.path("--output"), model);
        Path report = OutputFiles.report(arguments.path("--report"));
        Path plan = OutputFiles.text("--plan-out", arguments.path("--plan-out"));
        Gates gates = Gates.of(arguments);
        Path data = arguments.path("--data");
        if (data == null) {
            throw new UsageException("a search needs --data: what formats cost is measured on it");
        }
        Path testData = arguments.path("--test-data");
        if (testData != null && !Files.exists(testData)) {
            // Otherwise it would be said after minutes of searching.
            throw new FewbitException(
                    testData + ": there is no such file. Check the path after --test-data");
        }
        boolean compares = report != null || gates.any() || testData != null;
        PrecisionSearching searching =
                described(Fewbit.search(model, data), model, arguments)
                        .measuring(report != null ? Measuring.DISTRIBUTIONS : Measuring.ERRORS)
                        .progress(console.progress());
        console.ifInterrupted(
                "interrupted; what was measured is kept, and "
                        + output
                        + " is the best model so far, if there is one yet");
        QuantizationResult result = searching.writeTo(output);
        console.ifInterrupted("interrupted; " + output + " is complete");
        if (plan != null) {
            Files.writeString(plan, PlanYaml.write(result.plan()));
        }
        Page page = console.page();
        QuantizationText.print(page, model, output, result, console.verbose());
        SearchFindings search = result.search();
        if (search != null) {
            SearchText.print(page, search);
        }
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

    private static PrecisionSearching described(
            PrecisionSearching searching, Path model, Arguments arguments) throws IOException {
        limits(searching, model, arguments);
        formats(searching, arguments.text("--formats"));
        bits(searching, arguments.text("--bits"));
        activations(searching, arguments.text("--activations"));
        if (arguments.has("--quick")) {
            searching.quick();
        }
        if (arguments.has("--compact")) {
            searching.compact();
        }
        Path measurements = arguments.path("--measurements");
        if (measurements != null) {
            searching.measurements(measurements);
        }
        Path tokenizer = arguments.path("--tokenizer");
        if (tokenizer != null) {
            searching.tokenizer(tokenizer);
        }
        if (arguments.has("--samples")) {
            searching.samples(arguments.number("--samples", 1, 1));
        }
        return searching
                .task(ComparisonOptions.task(arguments.text("--task")))
                .threads(ComparisonOptions.threads(arguments))
                .seed(arguments.seed("--seed", 0));
    }

    private static void activations(PrecisionSearching searching, @Nullable String how) {
        if (how == null) {
            return;
        }
        if (!ACTIVATIONS.contains(how)) {
            throw new UsageException(
                    "--activations takes one of %s, got '%s'"
                            .formatted(String.join(", ", ACTIVATIONS), how));
        }
        Activations activations = RecipeChoice.activations(how);
        searching.activations(
                activations, activations == Activations.STATIC ? Integer.parseInt(how) : Byte.SIZE);
    }

    private static void limits(PrecisionSearching searching, Path model, Arguments arguments)
            throws IOException {
        String size = arguments.text(MAX_SIZE);
        double loss = arguments.real(MAX_LOSS);
        String time = arguments.text(MAX_LATENCY);
        if (size == null && time == null && Double.isNaN(loss)) {
            throw new UsageException(
                    "say how small with "
                            + MAX_SIZE
                            + " 12MB or 30%, how fast with "
                            + MAX_LATENCY
                            + " 1.2ms or 50%, or how good with "
                            + MAX_LOSS
                            + " 0.01");
        }
        if (size != null) {
            Amount amount = Amount.size(MAX_SIZE, size);
            if (amount.isShare() && !Files.isRegularFile(model)) {
                throw new FewbitException("there is no file " + model);
            }
            searching.maximumBytes(
                    Math.max(1, amount.of(amount.isShare() ? Files.size(model) : 0)));
        }
        if (time != null) {
            Amount amount = Amount.time(MAX_LATENCY, time);
            searching.maximumLatency(amount.value(), amount.isShare());
        }
        if (!Double.isNaN(loss)) {
            if (loss < 0) {
                throw new UsageException(MAX_LOSS + " takes a number of at least 0, got " + loss);
            }
            searching.maximumLoss(loss);
        }
    }

    private static void formats(PrecisionSearching searching, @Nullable String text) {
        if (text == null) {
            return;
        }
        Set<WeightFamily> families = EnumSet.noneOf(WeightFamily.class);
        boolean floats = false;
        for (String word : text.split(",", -1)) {
            if (word.trim().equals(FLOAT)) {
                floats = true;
            } else {
                try {
                    families.add(WeightFamily.ofLabel(word.trim()));
                } catch (IllegalArgumentException unknown) {
                    throw new UsageException(
                            "--formats takes some of "
                                    + formats().stream().collect(Collectors.joining(", "))
                                    + ", separated by commas, got '"
                                    + word
                                    + "'",
                            unknown);
                }
            }
        }
        if (families.isEmpty()) {
            throw new UsageException(
                    "--formats needs one of affine, pow2 and codebook beside " + FLOAT);
        }
        searching.formats(families, floats);
    }

    private static void bits(PrecisionSearching searching, @Nullable String text) {
        if (text == null) {
            return;
        }
        String[] ends = text.split("-", 2);
        try {
            int fewest = Integer.parseInt(ends[0].trim());
            searching.bits(fewest, ends.length == 1 ? fewest : Integer.parseInt(ends[1].trim()));
        } catch (NumberFormatException notNumbers) {
            throw new UsageException(
                    "--bits takes a range such as 2-8, or one width, got '" + text + "'",
                    notNumbers);
        } catch (IllegalArgumentException outOfRange) {
            throw new UsageException("--bits: " + outOfRange.getMessage(), outOfRange);
        }
    }
}
