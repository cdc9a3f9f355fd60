package dev.fewbit;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.Grouping;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a user wants, before looking at a model.
 *
 * @param name name of the recipe
 * @param weights number format of the weights
 * @param activations how the activations are computed with
 * @param grouping which weights of a matrix share a scale
 * @param tableGrouping which weights of an embedding table share a scale
 * @param range how ranges of weights are found
 * @param statics how static activations are quantized; means nothing for others
 * @param seed seed of everything random
 */
public record Recipe(
        String name,
        Affine weights,
        Activations activations,
        Grouping grouping,
        Grouping tableGrouping,
        RangeMethod range,
        StaticOptions statics,
        long seed) {

    /**
     * 8-bit weights per channel, activations quantized on the go: the fastest for transformers.
     * Convolutions get 8-bit weights and compute in float, because dynamic convolutions are slower
     * than float ones.
     */
    public static final Recipe INT8_DYNAMIC =
            new Recipe(
                    "int8-dynamic",
                    new Affine(8, true, true),
                    Activations.DYNAMIC,
                    Grouping.CHANNEL,
                    Grouping.CHANNEL,
                    new RangeMethod.MinMax(),
                    StaticOptions.DEFAULT,
                    0);

    /**
     * 8-bit weights per channel and 8-bit activations with levels found on data: integer from end
     * to end, the fastest for convolutions.
     */
    public static final Recipe INT8 =
            new Recipe(
                    "int8",
                    new Affine(8, true, true),
                    Activations.STATIC,
                    Grouping.CHANNEL,
                    Grouping.CHANNEL,
                    new RangeMethod.MinMax(),
                    StaticOptions.DEFAULT,
                    0);

    /**
     * 8-bit weights per channel with zero points, float activations: a quarter of the size at next
     * to no loss.
     */
    public static final Recipe INT8_WEIGHTS =
            new Recipe(
                    "int8-weights",
                    new Affine(8, false, false),
                    Activations.FLOAT,
                    Grouping.CHANNEL,
                    Grouping.CHANNEL,
                    new RangeMethod.MinMax(),
                    StaticOptions.DEFAULT,
                    0);

    /** 4-bit weights in blocks of 32 (tables: 128), least squared error. */
    public static final Recipe INT4_WEIGHTS = lowBits("int4-weights", 4, 32);

    /**
     * 2-bit weights in blocks of 64 (tables: 256), least squared error. Shorter blocks make the
     * kernel slower than float.
     */
    public static final Recipe INT2_WEIGHTS = lowBits("int2-weights", 2, 64);

    /** All recipes. */
    public static final List<Recipe> ALL =
            List.of(INT8, INT8_DYNAMIC, INT8_WEIGHTS, INT4_WEIGHTS, INT2_WEIGHTS);

    /**
     * How many times longer the blocks of a table are than those of a matrix: tables tolerate it
     * (see docs).
     */
    private static final int TABLE_BLOCK_FACTOR = 4;

    /** Refuses what no recipe can mean. */
    public Recipe {
        Objects.requireNonNull(name, "name");
        if (weights.bits() > 8) {
            throw new IllegalArgumentException(
                    "a recipe quantizes weights to 8 bits or fewer, got " + weights.bits());
        }
    }

    private static Recipe lowBits(String name, int bits, int block) {
        return new Recipe(
                name,
                new Affine(bits, false, false),
                Activations.DYNAMIC,
                Grouping.block(block),
                Grouping.block(block * TABLE_BLOCK_FACTOR),
                RangeMethod.LeastSquares.quick(),
                StaticOptions.DEFAULT,
                0);
    }

    /**
     * The recipe with a name.
     *
     * @throws IllegalArgumentException naming the recipes there are if there is no such recipe
     */
    public static Recipe named(String name) {
        return ALL.stream()
                .filter(recipe -> recipe.name.equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "unknown recipe '"
                                                + name
                                                + "'; expected one of "
                                                + ALL.stream()
                                                        .map(Recipe::name)
                                                        .collect(Collectors.joining(", "))));
    }

    /**
     * This recipe with one scale for every {@code size} inputs of an output channel; tables take
     * blocks four times as long.
     *
     * @throws IllegalArgumentException if the size is not positive
     */
    public Recipe withBlock(int size) {
        return withGrouping(Grouping.block(size));
    }

    /** This recipe with other groups of weights that share a scale; tables follow. */
    public Recipe withGrouping(Grouping wanted) {
        Grouping table =
                wanted.kind() == Grouping.Kind.BLOCK
                        ? wanted.withSize(Math.multiplyExact(wanted.size(), TABLE_BLOCK_FACTOR))
                        : wanted;
        return new Recipe(name, weights, activations, wanted, table, range, statics, seed);
    }

    /** This recipe with another way to compute with activations. */
    public Recipe withActivations(Activations other) {
        return new Recipe(name, weights, other, grouping, tableGrouping, range, statics, seed);
    }

    /** This recipe with another treatment of static activations. */
    public Recipe withStatics(StaticOptions other) {
        return new Recipe(name, weights, activations, grouping, tableGrouping, range, other, seed);
    }

    /** This recipe with weights of another format. */
    public Recipe withWeights(Affine other) {
        return new Recipe(name, other, activations, grouping, tableGrouping, range, statics, seed);
    }

    /** This recipe with another seed. */
    public Recipe withSeed(long other) {
        return new Recipe(
                name, weights, activations, grouping, tableGrouping, range, statics, other);
    }

    /**
     * Name and all that was changed, for people and for a model's metadata, for example {@code
     * int4-weights block:64}.
     */
    public String describe() {
        return RecipeText.write(this, named(name));
    }

    /**
     * The recipe that {@link #describe} described.
     *
     * @throws IllegalArgumentException if it is not such a text
     */
    public static Recipe parse(String description) {
        return RecipeText.parse(description);
    }
}
