package dev.fewbit;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.WeightFormat;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.planning.NetworkKinds;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What a user wants, before looking at a model.
 *
 * <p>Some recipes mean one thing for networks of convolutions and another for networks of matrix
 * products. They are open until {@link #forModel} settles them; what the methods below tell of an
 * open recipe is what it means for matrix products.
 *
 * @param name name of the recipe
 * @param network the kind of network that it was settled for; {@link NetworkKind#ANY} as long as it
 *     is open, and for recipes that mean the same everywhere
 * @param combination how weights are rounded and computed with
 * @param forConvolutions the same for networks of convolutions, while the recipe is open; else
 *     empty
 * @param statics how static activations are quantized; means nothing for others
 * @param seed seed of everything random
 */
public record Recipe(
        String name,
        NetworkKind network,
        Combination combination,
        Optional<Combination> forConvolutions,
        StaticOptions statics,
        long seed) {

    /**
     * 8-bit weights per channel, activations quantized on the go: the fastest for transformers.
     * Convolutions get 8-bit weights and compute in float, because dynamic convolutions are slower
     * than float ones.
     */
    public static final Recipe INT8_DYNAMIC =
            eightBits("int8-dynamic", new Affine(8, true, true), Activations.DYNAMIC);

    /**
     * 8-bit weights per channel and 8-bit activations with levels found on data: integer from end
     * to end, the fastest for convolutions.
     */
    public static final Recipe INT8 =
            eightBits("int8", new Affine(8, true, true), Activations.STATIC);

    /**
     * 8-bit weights per channel with zero points, float activations: a quarter of the size at next
     * to no loss.
     */
    public static final Recipe INT8_WEIGHTS =
            eightBits("int8-weights", new Affine(8, false, false), Activations.FLOAT);

    /** 4-bit weights in blocks of 32 (tables: 128), least squared error, nearest level. */
    public static final Recipe INT4_WEIGHTS = blocks("int4-weights", 4, 32);

    /**
     * 2-bit weights in blocks of 64 (tables: 256), least squared error, nearest level. Shorter
     * blocks make the kernel slower than float.
     */
    public static final Recipe INT2_WEIGHTS = blocks("int2-weights", 2, 64);

    /** 4 bits, rounded by data: convolutions in integers, matrix products in blocks. */
    public static final Recipe INT4 = FewBits.of(WeightFamily.AFFINE, 4);

    /** The same in 3 bits. */
    public static final Recipe INT3 = FewBits.of(WeightFamily.AFFINE, 3);

    /** The same in 2 bits. */
    public static final Recipe INT2 = FewBits.of(WeightFamily.AFFINE, 2);

    /** Powers of two of 4 bits, rounded by data. */
    public static final Recipe POW2_4 = FewBits.of(WeightFamily.POW2, 4);

    /** 16 levels that are learned from each tensor. */
    public static final Recipe CODEBOOK_4 = FewBits.of(WeightFamily.CODEBOOK, 4);

    /** 8 levels that are learned from each tensor. */
    public static final Recipe CODEBOOK_3 = FewBits.of(WeightFamily.CODEBOOK, 3);

    /** 4 levels that are learned from each tensor. */
    public static final Recipe CODEBOOK_2 = FewBits.of(WeightFamily.CODEBOOK, 2);

    /** All recipes that are talked of; {@link #named} knows those of other widths, too. */
    public static final List<Recipe> ALL =
            List.of(
                    INT8,
                    INT8_DYNAMIC,
                    INT8_WEIGHTS,
                    INT4,
                    INT3,
                    INT2,
                    POW2_4,
                    CODEBOOK_4,
                    CODEBOOK_3,
                    CODEBOOK_2,
                    INT4_WEIGHTS,
                    INT2_WEIGHTS);

    /** Refuses a recipe that is settled and open at once. */
    public Recipe {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(combination, "combination");
        Objects.requireNonNull(statics, "statics");
        if (network != NetworkKind.ANY && forConvolutions.isPresent()) {
            throw new IllegalArgumentException(
                    "recipe '%s' is settled for %s and open at once".formatted(name, network));
        }
    }

    private static Recipe eightBits(String name, Affine weights, Activations activations) {
        return alike(
                name,
                Combination.nearest(
                        weights,
                        activations,
                        Grouping.CHANNEL,
                        Grouping.CHANNEL,
                        new RangeMethod.MinMax()));
    }

    private static Recipe blocks(String name, int bits, int size) {
        return alike(
                name,
                Combination.nearest(
                        new Affine(bits, false, false),
                        Activations.DYNAMIC,
                        Grouping.block(size),
                        Grouping.block(size * Combination.TABLE_BLOCK_FACTOR),
                        RangeMethod.LeastSquares.quick()));
    }

    private static Recipe alike(String name, Combination combination) {
        return new Recipe(
                name, NetworkKind.ANY, combination, Optional.empty(), StaticOptions.DEFAULT, 0);
    }

    /**
     * The recipe with a name: one of {@link #ALL}, or {@code int5} and the like, see {@link
     * #fewBits}.
     *
     * @throws IllegalArgumentException naming the recipes there are if there is no such recipe
     */
    public static Recipe named(String name) {
        return ALL.stream()
                .filter(recipe -> recipe.name.equals(name))
                .findFirst()
                .or(() -> FewBits.named(name))
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
     * The recipe for weights of fewer than 8 bits.
     *
     * @param family the kind of levels
     * @param bits bits of a code: 2 to 7, for powers of two 2 to 6
     * @throws IllegalArgumentException if there is none, saying which widths there are
     */
    public static Recipe fewBits(WeightFamily family, int bits) {
        return FewBits.of(family, bits);
    }

    /** Whether it depends on the network what this means. */
    public boolean isOpen() {
        return forConvolutions.isPresent();
    }

    /** What this means for a model; the same where it means the same for all. */
    public Recipe forModel(Model model) {
        return isOpen() ? forNetwork(NetworkKinds.of(model)) : this;
    }

    /**
     * What this means for a kind of network.
     *
     * @param kind {@link NetworkKind#ANY} changes nothing
     */
    public Recipe forNetwork(NetworkKind kind) {
        if (kind == NetworkKind.ANY || !isOpen()) {
            return this;
        }
        return new Recipe(
                name,
                kind,
                kind == NetworkKind.CONVOLUTIONS
                        ? forConvolutions.orElse(combination)
                        : combination,
                Optional.empty(),
                statics,
                seed);
    }

    /** Number format of the weights. */
    public WeightFormat weights() {
        return combination.weights();
    }

    /** Number format of the layers that bear least; empty to treat all alike. */
    public Optional<Affine> fragile() {
        return combination.fragile();
    }

    /** How the activations are computed with. */
    public Activations activations() {
        return combination.activations();
    }

    /** Which weights of a matrix share a scale. */
    public Grouping grouping() {
        return combination.grouping();
    }

    /** Which weights of an embedding table share a scale. */
    public Grouping tableGrouping() {
        return combination.tableGrouping();
    }

    /** How ranges of weights are found. */
    public RangeMethod range() {
        return combination.range();
    }

    /** How codes are chosen. */
    public Rounding rounding() {
        return combination.rounding();
    }

    /** This recipe with its combinations changed. */
    Recipe with(UnaryOperator<Combination> change) {
        return new Recipe(
                name,
                network,
                change.apply(combination),
                forConvolutions.map(change),
                statics,
                seed);
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
        return with(each -> each.with(wanted));
    }

    /**
     * This recipe with another way to compute with activations. Where they become static, formats
     * and groups become such as integer kernels take: symmetric, and channels instead of blocks.
     */
    public Recipe withActivations(Activations other) {
        return with(each -> each.with(other));
    }

    /** This recipe with another treatment of static activations. */
    public Recipe withStatics(StaticOptions other) {
        return new Recipe(name, network, combination, forConvolutions, other, seed);
    }

    /**
     * This recipe with static activations of another width. Where they have fewer than 8 bits, the
     * layers that bear least keep 8 bits, in activations and weights, as {@link #fragile} says; if
     * this recipe treats all layers alike, with 8 bits from now on. {@link #withAllLayersAlike}
     * behind it changes that.
     *
     * @throws IllegalArgumentException if activations cannot have so many bits
     */
    public Recipe withActivationBits(int bits) {
        Recipe other = withStatics(statics.withActivationBits(bits));
        return bits < Byte.SIZE ? other.with(Combination::withFragileLayers) : other;
    }

    /** This recipe with weights of another format. */
    public Recipe withWeights(WeightFormat other) {
        return with(each -> each.with(other));
    }

    /** This recipe with this format for the layers that bear least. */
    public Recipe withFragile(Affine format) {
        return with(each -> each.withFragile(Optional.of(format)));
    }

    /** This recipe with all layers treated alike. */
    public Recipe withAllLayersAlike() {
        return with(each -> each.withFragile(Optional.empty()));
    }

    /** This recipe with codes chosen in another way. */
    public Recipe withRounding(Rounding other) {
        return with(each -> each.with(other));
    }

    /** This recipe as it is carried out where there is no data: what needs some is left out. */
    public Recipe withoutData() {
        return rounding().needsData() ? withRounding(Rounding.NEAREST) : this;
    }

    /** This recipe with another seed. */
    public Recipe withSeed(long other) {
        return new Recipe(name, network, combination, forConvolutions, statics, other);
    }

    /**
     * Name, what it was settled for, and all that was changed, for people and for a model's
     * metadata, for example {@code int4-weights block:64} or {@code int4 network:convolutions}.
     */
    public String describe() {
        return RecipeText.write(this);
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
