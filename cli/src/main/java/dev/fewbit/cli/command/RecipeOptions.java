package dev.fewbit.cli.command;

import dev.fewbit.Quantization;
import dev.fewbit.Recipe;
import dev.fewbit.StaticOptions;
import dev.fewbit.WeightFamily;
import dev.fewbit.core.plan.Rounding;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The options that say what is wanted, shared by all commands that make plans. */
final class RecipeOptions {

    private static final List<String> WITHOUT_PLAN =
            Stream.concat(
                            Stream.of(
                                    "--recipe",
                                    "--weights",
                                    "--format",
                                    "--block",
                                    "--granularity",
                                    "--rounding",
                                    "--activations",
                                    "--all-layers",
                                    "--seed"),
                            RecipeChoice.STATIC_ONLY.stream())
                    .toList();

    private RecipeOptions() {}

    static void describe(CommandSpec spec) {
        Specs.addGroup(
                spec,
                "What to do",
                Specs.choice(
                        "RECIPE",
                        Recipe.ALL.stream().map(Recipe::name).toList(),
                        "What to do: {choices}. The default is "
                                + Recipe.INT8_DYNAMIC.name()
                                + ". The options below change it, or do without.",
                        "--recipe"),
                Specs.option(
                        "N",
                        "Bits of a weight: 2 to 8. Alone, 4 is recipe int4, and so on.",
                        "--weights"),
                Specs.choice(
                        "FORMAT",
                        Stream.of(WeightFamily.values()).map(WeightFamily::label).toList(),
                        "Levels of the weights: {choices}. Evenly spaced; powers of two (of 5 and 6"
                                + " bits sums of them); learned from each tensor. The width is 4"
                                + " unless --weights or the recipe say another.",
                        "--format"),
                Specs.choice(
                        "GROUP",
                        List.of("tensor", "channel", "block:N", "block:N,scales:8"),
                        "Weights that share a scale: {choices}. The default is the recipe's;"
                                + " integer kernels take tensor and channel. Smaller blocks are"
                                + " more precise and larger.",
                        "--granularity"),
                Specs.option("N", "Short for --granularity block:N.", "--block"),
                Specs.choice(
                        "HOW",
                        Stream.of(Rounding.values()).map(Rounding::label).toList(),
                        "How codes are chosen: {choices}. auto takes, layer by layer, what its"
                                + " outputs say is best. All but nearest and hqq need --data;"
                                + " without it auto is nearest.",
                        "--rounding"),
                Specs.choice(
                        "HOW",
                        RecipeChoice.ACTIVATIONS,
                        "How activations are computed with: {choices}. 2 to 8 and 16 bits with"
                                + " levels found on --data, convolutions too (with fewer than 8,"
                                + " layers read so many, and all else has 8); dynamic rounds those"
                                + " of matrix products to 8 bits on the go.",
                        "--activations"),
                Specs.flag(
                        "Give all layers the bits that were asked for. Without it, the first and"
                                + " the last layer of a convolutional network and its depthwise"
                                + " convolutions keep 8 in recipes of few bits, and what they read"
                                + " with few bits of activations.",
                        "--all-layers"),
                Specs.option(
                        "PLAN.yaml",
                        "Carry out this plan, as the plan command printed it and you edited it,"
                                + " instead of a recipe.",
                        "--plan"),
                Specs.option("N", "Seed of everything random; the default is 0.", "--seed"));
        Specs.addGroup(
                spec,
                "Static activations (2 to 8 or 16 bits)",
                Specs.choice(
                        "METHOD",
                        List.of(
                                StaticOptions.AUTO,
                                "squared-error",
                                "min-max",
                                "percentile:P",
                                "entropy"),
                        "How ranges of activations are found: {choices}. auto tries all and chooses"
                                + " for each activation by the error in the model's outputs, which"
                                + " takes a while. The default is squared-error.",
                        "--calibration"),
                Specs.choice(
                        "BITS",
                        RecipeChoice.ACTIVATION_BITS,
                        "Bits of activations: {choices}. With 16 the runtime computes in float.",
                        "--activation-bits"),
                Specs.choice(
                        "CPU",
                        List.of(RecipeChoice.ANY, RecipeChoice.AVX2),
                        "What the model must be right on: {choices}. avx2 takes weights of 7 bits,"
                                + " because on processors without VNNI sums of 8-bit products"
                                + " saturate.",
                        "--target"),
                Specs.choice(
                        "WHICH",
                        List.of(StaticOptions.AUTO, RecipeChoice.NONE),
                        "Corrections of the network before and after rounding: {choices}. auto"
                                + " makes those that lower the error on the data.",
                        "--corrections"),
                Specs.option(
                        "X",
                        "What the model may lose at most: of the task's metric where the data has"
                            + " labels (0.01 is a point of accuracy), else as relative error of the"
                            + " outputs (0.01 is 20 dB). Layers are left in float until it is met,"
                            + " the worst first. Needs --data.",
                        "--max-loss"),
                Specs.repeated(
                        "FILE",
                        "Statistics of activations. With --data: written here. Without: read"
                                + " instead of running the model; several are merged.",
                        "--statistics"));
    }

    /** The option that leaves out what no runtime needs. */
    static OptionSpec compact() {
        return Specs.flag(
                "Leave out of the file what no runtime needs, such as the names of inner values: a"
                        + " fifth of a small network in few bits. A comparison cannot go layer by"
                        + " layer then.",
                "--compact");
    }

    /** Refuses a plan together with what a plan has settled already. */
    static void check(Arguments arguments) {
        if (arguments.has("--plan")) {
            for (String option : WITHOUT_PLAN) {
                if (arguments.has(option)) {
                    throw new UsageException(
                            option
                                    + " and --plan exclude each other: the plan says everything"
                                    + " already; edit it instead");
                }
            }
        }
    }

    /** Tells a quantization what to calibrate on, and how well it must do. */
    static void calibrate(Quantization quantization, Arguments arguments) {
        Path data = arguments.path("--data");
        if (data != null) {
            quantization.data(data);
        }
        Path tokenizer = arguments.path("--tokenizer");
        if (tokenizer != null) {
            quantization.tokenizer(tokenizer);
        }
        if (arguments.has("--samples")) {
            quantization.samples(arguments.number("--samples", 1, 1));
        }
        String task = arguments.text("--task");
        if (task != null) {
            quantization.task(ComparisonOptions.task(task));
        }
        List<Path> statistics = arguments.paths("--statistics");
        if (data != null && statistics.size() > 1) {
            throw new UsageException(
                    "with --data, --statistics names the one file to write; got "
                            + statistics.size());
        }
        quantization.statistics(statistics.toArray(Path[]::new));
        double loss = arguments.real("--max-loss");
        if (!Double.isNaN(loss)) {
            if (loss < 0) {
                throw new UsageException("--max-loss takes a number of at least 0, got " + loss);
            }
            if (data == null) {
                throw new UsageException(
                        "--max-loss needs --data: what a model loses is measured on samples");
            }
            quantization.maximumLoss(loss);
        }
    }
}
