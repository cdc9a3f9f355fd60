package dev.fewbit.cli.command;

import dev.fewbit.Activations;
import dev.fewbit.Fewbit;
import dev.fewbit.Recipe;
import dev.fewbit.WeightFamily;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.format.WeightFormat;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Rounding;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Makes a recipe of the options. */
final class RecipeChoice {

    /** What only static activations have. */
    static final List<String> STATIC_ONLY =
            List.of(
                    "--calibration",
                    "--activation-bits",
                    "--target",
                    "--corrections",
                    "--max-loss",
                    "--statistics");

    /** Bits of static activations. */
    static final List<String> ACTIVATION_BITS = List.of("2", "3", "4", "5", "6", "7", "8", "16");

    /** Values of {@code --activations}. */
    static final List<String> ACTIVATIONS =
            Stream.concat(ACTIVATION_BITS.stream(), Stream.of("dynamic", "float")).toList();

    static final String NONE = "none";
    static final String ANY = "any";
    static final String AVX2 = "avx2";

    private static final int MOST_BITS = 8;

    /** What a format has where nothing is said. */
    private static final int USUAL_BITS = 4;

    private final Arguments arguments;

    private RecipeChoice(Arguments arguments) {
        this.arguments = arguments;
    }

    /**
     * The recipe that the options describe, settled for a model.
     *
     * @throws UsageException if they contradict each other, or cannot be done
     */
    static Recipe of(Arguments arguments, Path model) {
        RecipeChoice choice = new RecipeChoice(arguments);
        try {
            Recipe recipe = choice.withSize(choice.withActivations(choice.base()));
            choice.checkRounding();
            recipe = Fewbit.settle(model, recipe);
            recipe =
                    recipe.activations() == Activations.STATIC
                            ? StaticChoice.of(arguments, recipe)
                            : choice.withoutStatics(recipe);
            return recipe.withSeed(arguments.seed("--seed", recipe.seed()));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    /** What {@code --recipe}, {@code --weights} and {@code --format} say together. */
    private Recipe base() {
        String name = arguments.text("--recipe");
        String format = arguments.text("--format");
        WeightFamily family = format == null ? null : WeightFamily.ofLabel(format);
        int bits = arguments.number("--weights", 2, 0);
        if (bits > MOST_BITS) {
            throw new UsageException("--weights takes 2 to 8 bits, got " + bits);
        }
        if (name == null) {
            return withoutName(family, bits);
        }
        Recipe recipe = Recipe.named(name);
        if (family == null && bits == 0) {
            return recipe;
        }
        WeightFamily wanted = family == null ? WeightFamily.of(recipe.weights()) : family;
        int width = bits == 0 ? recipe.weights().bits() : bits;
        return recipe.isOpen()
                ? Recipe.fewBits(wanted, width)
                : recipe.withWeights(format(wanted, width, recipe.weights()));
    }

    private Recipe withoutName(@Nullable WeightFamily family, int bits) {
        boolean even = family == null || family == WeightFamily.AFFINE;
        if (even && (bits == 0 || bits == MOST_BITS)) {
            return eightBits();
        }
        return Recipe.fewBits(
                family == null ? WeightFamily.AFFINE : family, bits == 0 ? USUAL_BITS : bits);
    }

    /** At 8 bits there is a recipe for each way to compute with activations. */
    private Recipe eightBits() {
        String how = arguments.text("--activations");
        return switch (how == null ? Activations.DYNAMIC : activations(how)) {
            case FLOAT -> Recipe.INT8_WEIGHTS;
            case DYNAMIC -> Recipe.INT8_DYNAMIC;
            case STATIC -> Recipe.INT8;
        };
    }

    /** A format of another width or family, for a recipe that leaves everything else as it is. */
    private static WeightFormat format(WeightFamily family, int bits, WeightFormat before) {
        return switch (family) {
            case AFFINE ->
                    before instanceof Affine(_, boolean signed, boolean symmetric)
                            ? new Affine(bits, signed, symmetric)
                            : new Affine(bits, true, true);
            case POW2 -> PowersOfTwo.of(bits);
            case CODEBOOK -> new Codebook(bits, Codebook.Entries.INT8);
        };
    }

    private Recipe withActivations(Recipe recipe) {
        String how = arguments.text("--activations");
        if (how == null) {
            return recipe;
        }
        Recipe described = recipe.withActivations(activations(how));
        if (described.activations() != Activations.STATIC) {
            return described;
        }
        if (arguments.has("--activation-bits")) {
            throw new UsageException(
                    "--activations "
                            + how
                            + " and --activation-bits exclude each other: both say how many bits"
                            + " activations have");
        }
        return described.withActivationBits(Integer.parseInt(how));
    }

    static Activations activations(String how) {
        if (ACTIVATION_BITS.contains(how)) {
            return Activations.STATIC;
        }
        return switch (how) {
            case "dynamic" -> Activations.DYNAMIC;
            case "float" -> Activations.FLOAT;
            default ->
                    throw new UsageException(
                            "--activations takes one of "
                                    + String.join(", ", ACTIVATIONS)
                                    + ", got '"
                                    + how
                                    + "'");
        };
    }

    private Recipe withSize(Recipe recipe) {
        Recipe described = recipe;
        if (arguments.has("--block")) {
            if (arguments.has("--granularity")) {
                throw new UsageException(
                        "--block and --granularity exclude each other: --block N is --granularity"
                                + " block:N");
            }
            described = described.withBlock(arguments.number("--block", 1, 0));
        }
        String granularity = arguments.text("--granularity");
        if (granularity != null) {
            described = described.withGrouping(Grouping.parse(granularity));
        }
        String rounding = arguments.text("--rounding");
        if (rounding != null) {
            described = described.withRounding(Rounding.ofLabel(rounding));
        }
        return arguments.has("--all-layers") ? described.withAllLayersAlike() : described;
    }

    /** What was asked for by name must not quietly become something else. */
    private void checkRounding() {
        String text = arguments.text("--rounding");
        if (text == null || arguments.has("--data")) {
            return;
        }
        Rounding rounding = Rounding.ofLabel(text);
        if (rounding.needsData() && rounding != Rounding.AUTO) {
            throw new UsageException(
                    "--rounding "
                            + text
                            + " needs --data: it goes by what the layers compute on samples;"
                            + " without any there are nearest and hqq");
        }
    }

    private Recipe withoutStatics(Recipe recipe) {
        for (String option : STATIC_ONLY) {
            if (arguments.has(option)) {
                throw new UsageException(
                        option
                                + " is for static activations: add --activations 8, or --recipe "
                                + Recipe.INT8.name()
                                + " (this is "
                                + recipe.describe()
                                + ")");
            }
        }
        return recipe;
    }
}
