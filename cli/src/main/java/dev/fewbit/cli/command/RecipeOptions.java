package dev.fewbit.cli.command;

import dev.fewbit.Activations;
import dev.fewbit.Quantization;
import dev.fewbit.Recipe;

import picocli.CommandLine.Model.CommandSpec;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The options that say what is wanted, shared by all commands that make plans. */
final class RecipeOptions {

    private static final List<String> WITHOUT_PLAN =
            List.of("--recipe", "--block", "--activations", "--seed");

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
                Specs.option("N", "Seed of everything random; the default is 0.", "--seed"));
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

    /** Tells a quantization what to calibrate on. */
    static void calibrate(Quantization quantization, Arguments arguments) {
        Path data = arguments.path("--data");
        if (data != null) {
            quantization.data(data);
        }
        Path tokenizer = arguments.path("--tokenizer");
        if (tokenizer != null) {
            quantization.tokenizer(tokenizer);
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
            if (arguments.has("--block")) {
                recipe = recipe.withBlock(arguments.number("--block", 1, 0));
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
        String how = arguments.text("--activations");
        if (how != null) {
            recipe = recipe.withActivations(activations(how));
        }
        return recipe.withSeed(arguments.seed("--seed", recipe.seed()));
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
