package dev.fewbit.cli.command;

import dev.fewbit.Recipe;
import dev.fewbit.StaticOptions;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.MidRise;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.format.WeightFormat;
import dev.fewbit.core.plan.Grouping;

/** What the options for static activations make of a recipe that has them. */
final class StaticChoice {

    /**
     * One bit less: two products of 8 and 7 bits always fit the 16 bits in which processors with
     * AVX2, but without VNNI, add them up.
     */
    private static final int AVX2_BITS = 7;

    private StaticChoice() {}

    /**
     * The recipe with these options.
     *
     * @throws UsageException if they cannot be done
     * @throws IllegalArgumentException likewise
     */
    static Recipe of(Arguments arguments, Recipe recipe) {
        if (recipe.grouping().kind() == Grouping.Kind.BLOCK) {
            throw new UsageException(
                    "integer kernels take one scale for a tensor or a channel, not blocks; leave"
                            + " blocks to --activations float or dynamic (this is "
                            + recipe.describe()
                            + ")");
        }
        StaticOptions statics = recipe.statics();
        String method = arguments.text("--calibration");
        if (method != null) {
            statics = statics.withCalibration(method);
        }
        String corrections = arguments.text("--corrections");
        if (corrections != null) {
            statics =
                    statics.withCorrections(
                            oneOf(
                                    "--corrections",
                                    corrections,
                                    StaticOptions.AUTO,
                                    RecipeChoice.NONE));
        }
        Recipe described = withBits(arguments, recipe.withStatics(statics));
        String target = arguments.text("--target");
        boolean narrow =
                target != null && !oneOf("--target", target, RecipeChoice.ANY, RecipeChoice.AVX2);
        return narrow ? narrow(described) : described;
    }

    private static Recipe withBits(Arguments arguments, Recipe recipe) {
        if (!arguments.has("--activation-bits")) {
            return recipe;
        }
        Recipe described = recipe.withActivationBits(arguments.number("--activation-bits", 1, 0));
        return arguments.has("--all-layers") ? described.withAllLayersAlike() : described;
    }

    /** Weights of at most {@value #AVX2_BITS} bits, those of fragile layers too. */
    private static Recipe narrow(Recipe recipe) {
        Affine widest = new Affine(AVX2_BITS, true, true);
        Recipe narrow = recipe;
        if (recipe.fragile().filter(format -> format.bits() > AVX2_BITS).isPresent()) {
            narrow = narrow.withFragile(widest);
        }
        if (fits(recipe.weights())) {
            return narrow;
        }
        if (recipe.weights() instanceof Affine) {
            return narrow.withWeights(widest);
        }
        throw new UsageException(
                "--target avx2 takes weights from -64 to 64 times a scale, so that sums of products"
                        + " do not saturate, but the levels of "
                        + recipe.weights().label()
                        + " may go further; take --format affine");
    }

    private static boolean fits(WeightFormat format) {
        return switch (format) {
            case Affine affine -> affine.bits() <= AVX2_BITS;
            case MidRise levels -> fits(levels.integerLevels());
            case PowersOfTwo powers ->
                    powers.integerLevels().filter(StaticChoice::fits).isPresent();
            case Codebook _ -> false;
        };
    }

    private static boolean fits(byte[] levels) {
        int most = 1 << (AVX2_BITS - 1);
        for (byte level : levels) {
            if (Math.abs(level) > most) {
                return false;
            }
        }
        return true;
    }

    /** Whether the word is the first of the two. */
    private static boolean oneOf(String option, String word, String first, String second) {
        if (!word.equals(first) && !word.equals(second)) {
            throw new UsageException(
                    option + " takes one of " + first + ", " + second + ", got '" + word + "'");
        }
        return word.equals(first);
    }
}
