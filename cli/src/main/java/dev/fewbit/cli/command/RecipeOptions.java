package dev.fewbit.cli.command;

import dev.fewbit.Activations;
import dev.fewbit.Quantization;
import dev.fewbit.Recipe;
import dev.fewbit.StaticOptions;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.Grouping;

import picocli.CommandLine.Model.CommandSpec;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The options that say what is wanted, shared by all commands that make plans. */
final class RecipeOptions {

    /** What only static activations have. */
    private static final List<String> STATIC_ONLY =
            List.of(
                    "--calibration",
                    "--activation-bits",
                    "--target",
                    "--corrections",
                    "--max-loss",
                    "--statistics");

    private static final List<String> WITHOUT_PLAN =
            Stream.concat(
                            Stream.of(
                                    "--recipe",
                                    "--block",
                                    "--granularity",
                                    "--activations",
                                    "--seed"),
                            STATIC_ONLY.stream())
                    .toList();

    private static final String NONE = "none";
    private static final String ANY = "any";
    private static final String AVX2 = "avx2";

    /**
     * One bit less: two products of 8 and 7 bits always fit the 16 bits in which processors with
     * AVX2, but without VNNI, add them up.
     */
    private static final int AVX2_BITS = 7;

    /** Static activations are a recipe of their own. */
    private static final List<Activations> ON_THE_GO =
            List.of(Activations.FLOAT, Activations.DYNAMIC);

    private RecipeOptions() {}

    static void describe(CommandSpec spec) {
        List<String> names = Recipe.ALL.stream().map(Recipe::name).toList();
        Specs.addGroup(
                spec,
                "What to do",
                Specs.choice(
                        "RECIPE",
                        names,
                        "What to do: {choices}. The default is " + Recipe.INT8_DYNAMIC.name() + ".",
                        "--recipe"),
                Specs.option(
                        "N",
                        "Inputs of an output channel that share a scale in weight-only recipes:"
                                + " smaller blocks are more precise and larger.",
                        "--block"),
                Specs.choice(
                        "HOW",
                        activations(),
                        "How weight-only matrix products compute with activations:"
                                + " {choices}. dynamic rounds them to 8 bits on the go"
                                + " and is faster.",
                        "--activations"),
                Specs.option(
                        "PLAN.yaml",
                        "Carry out this plan, as the plan command printed it and you edited it,"
                                + " instead of a recipe.",
                        "--plan"),
                Specs.option("N", "Seed of everything random; the default is 0.", "--seed"),
                Specs.choice(
                        "GROUP",
                        List.of("tensor", "channel", "block:N", "block:N,scales:8"),
                        "Weights that share a scale: {choices}. The default is the recipe's;"
                                + " integer kernels take tensor and channel.",
                        "--granularity"));
        Specs.addGroup(
                spec,
                "Static activations (recipe " + Recipe.INT8.name() + ")",
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
                        List.of("8", "16"),
                        "Bits of activations: {choices}. With 16 the runtime computes in float.",
                        "--activation-bits"),
                Specs.choice(
                        "CPU",
                        List.of(ANY, AVX2),
                        "What the model must be right on: {choices}. avx2 takes weights of 7 bits,"
                                + " because on processors without VNNI sums of 8-bit products"
                                + " saturate.",
                        "--target"),
                Specs.choice(
                        "WHICH",
                        List.of(StaticOptions.AUTO, NONE),
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

    private static List<String> activations() {
        return ON_THE_GO.stream().map(RecipeOptions::label).toList();
    }

    private static String label(Activations activations) {
        return activations.name().toLowerCase(Locale.ROOT);
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

    /** The recipe that the options describe. */
    static Recipe recipe(Arguments arguments) {
        Recipe recipe = Recipe.INT8_DYNAMIC;
        try {
            String name = arguments.text("--recipe");
            if (name != null) {
                recipe = Recipe.named(name);
            }
            recipe =
                    recipe.activations() == Activations.STATIC
                            ? withStatics(recipe, arguments)
                            : withoutStatics(recipe, arguments);
            if (arguments.has("--block")) {
                recipe = recipe.withBlock(arguments.number("--block", 1, 0));
            }
            recipe = withGranularity(recipe, arguments);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
        return recipe.withSeed(arguments.seed("--seed", recipe.seed()));
    }

    private static Recipe withGranularity(Recipe recipe, Arguments arguments) {
        String granularity = arguments.text("--granularity");
        if (granularity == null) {
            return recipe;
        }
        if (arguments.has("--block")) {
            throw new UsageException(
                    "--block and --granularity exclude each other: --block N is --granularity"
                            + " block:N");
        }
        Grouping grouping = Grouping.parse(granularity);
        if (recipe.activations() == Activations.STATIC && grouping.kind() == Grouping.Kind.BLOCK) {
            throw blocksAreFloat();
        }
        return recipe.withGrouping(grouping);
    }

    private static UsageException blocksAreFloat() {
        return new UsageException(
                "integer kernels take one scale for a tensor or a channel, not blocks; leave blocks"
                        + " to recipes for weights");
    }

    private static Recipe withoutStatics(Recipe recipe, Arguments arguments) {
        for (String option : STATIC_ONLY) {
            if (arguments.has(option)) {
                throw new UsageException(
                        option
                                + " is for static activations: add --recipe "
                                + Recipe.INT8.name()
                                + " (this is "
                                + recipe.name()
                                + ")");
            }
        }
        String how = arguments.text("--activations");
        return how == null ? recipe : recipe.withActivations(activations(how));
    }

    private static Recipe withStatics(Recipe recipe, Arguments arguments) {
        if (arguments.has("--block")) {
            throw blocksAreFloat();
        }
        if (arguments.has("--activations")) {
            throw new UsageException(
                    "--activations is for recipes for weights; those of "
                            + recipe.name()
                            + " are static");
        }
        StaticOptions statics = recipe.statics();
        String method = arguments.text("--calibration");
        if (method != null) {
            statics = statics.withCalibration(method);
        }
        if (arguments.has("--activation-bits")) {
            statics = statics.withActivationBits(arguments.number("--activation-bits", 1, 0));
        }
        String corrections = arguments.text("--corrections");
        if (corrections != null) {
            statics =
                    statics.withCorrections(
                            oneOf("--corrections", corrections, StaticOptions.AUTO, NONE));
        }
        Recipe described = recipe.withStatics(statics);
        String target = arguments.text("--target");
        boolean narrow = target != null && !oneOf("--target", target, ANY, AVX2);
        return narrow ? described.withWeights(new Affine(AVX2_BITS, true, true)) : described;
    }

    /** Whether the word is the first of the two. */
    private static boolean oneOf(String option, String word, String first, String second) {
        if (!word.equals(first) && !word.equals(second)) {
            throw new UsageException(
                    option + " takes one of " + first + ", " + second + ", got '" + word + "'");
        }
        return word.equals(first);
    }

    private static Activations activations(String how) {
        for (Activations activations : ON_THE_GO) {
            if (label(activations).equals(how)) {
                return activations;
            }
        }
        throw new UsageException(
                "--activations takes one of "
                        + String.join(", ", activations())
                        + ", got '"
                        + how
                        + "'");
    }
}
