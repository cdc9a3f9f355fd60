package dev.fewbit;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.MidRise;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.format.WeightFormat;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Rounding;

import java.util.Objects;
import java.util.Optional;

/**
 * How the weights of one kind of network are rounded and computed with.
 *
 * @param weights number format of the weights
 * @param fragile number format of the layers that bear least: the first, the last and depthwise
 *     convolutions, each with a scale per output channel. Empty to treat all layers alike; means
 *     nothing where it has no more bits than {@code weights}
 * @param activations how the activations are computed with
 * @param grouping which weights of a matrix share a scale
 * @param tableGrouping which weights of an embedding table share a scale
 * @param range how ranges of weights are found
 * @param rounding how codes are chosen
 */
public record Combination(
        WeightFormat weights,
        Optional<Affine> fragile,
        Activations activations,
        Grouping grouping,
        Grouping tableGrouping,
        RangeMethod range,
        Rounding rounding) {

    /**
     * How many times longer the blocks of a table are than those of a matrix: tables tolerate it
     * (see docs).
     */
    static final int TABLE_BLOCK_FACTOR = 4;

    /** Up to this many bits a symmetric format wastes too much on its lowest level. */
    private static final int MID_RISE_BITS = 3;

    private static final Affine EIGHT_BITS = new Affine(8, true, true);

    /** Refuses what no recipe can mean. */
    public Combination {
        Objects.requireNonNull(activations, "activations");
        Objects.requireNonNull(range, "range");
        Objects.requireNonNull(rounding, "rounding");
        refuseWide(weights);
        fragile.ifPresent(Combination::refuseWide);
    }

    private static void refuseWide(WeightFormat format) {
        if (format.bits() > Byte.SIZE) {
            throw new IllegalArgumentException(
                    "a recipe quantizes weights to 8 bits or fewer, got " + format.bits());
        }
    }

    /** A combination for all layers alike, weights rounded to the nearest level. */
    static Combination nearest(
            WeightFormat weights,
            Activations activations,
            Grouping grouping,
            Grouping tableGrouping,
            RangeMethod range) {
        return new Combination(
                weights,
                Optional.empty(),
                activations,
                grouping,
                tableGrouping,
                range,
                Rounding.NEAREST);
    }

    /** Symmetric levels of so many bits that integer kernels take, with the least error. */
    static WeightFormat integral(int bits) {
        return bits <= MID_RISE_BITS ? new MidRise(bits) : new Affine(bits, true, true);
    }

    /**
     * The same with activations computed with in another way. Where they become static the weights
     * become such as integer kernels take: symmetric, and without blocks.
     */
    Combination with(Activations other) {
        boolean integers = other == Activations.STATIC && activations != Activations.STATIC;
        boolean blocks = grouping.kind() == Grouping.Kind.BLOCK;
        return new Combination(
                integers ? integral(weights) : weights,
                fragile,
                other,
                integers && blocks ? Grouping.CHANNEL : grouping,
                tableGrouping,
                integers && blocks && range instanceof RangeMethod.LeastSquares
                        ? new RangeMethod.LeastSquares()
                        : range,
                rounding);
    }

    private static WeightFormat integral(WeightFormat format) {
        return switch (format) {
            case Affine(int bits, _, boolean symmetric) -> symmetric ? format : integral(bits);
            case Codebook(int bits, _) ->
                    format.bits() < Byte.SIZE ? new Codebook(bits, Codebook.Entries.INT8) : format;
            case MidRise _, PowersOfTwo _ -> format;
        };
    }

    /** The same with weights of another format. */
    Combination with(WeightFormat other) {
        return new Combination(
                other, fragile, activations, grouping, tableGrouping, range, rounding);
    }

    /** The same with fragile layers of another format. */
    Combination withFragile(Optional<Affine> other) {
        return new Combination(
                weights, other, activations, grouping, tableGrouping, range, rounding);
    }

    /** The same with 8 bits for fragile layers if all were alike. */
    Combination withFragileLayers() {
        return fragile.isPresent() ? this : withFragile(Optional.of(EIGHT_BITS));
    }

    /** The same with other groups of weights that share a scale; tables follow. */
    Combination with(Grouping wanted) {
        Grouping table =
                wanted.kind() == Grouping.Kind.BLOCK
                        ? wanted.withSize(Math.multiplyExact(wanted.size(), TABLE_BLOCK_FACTOR))
                        : wanted;
        return new Combination(weights, fragile, activations, wanted, table, range, rounding);
    }

    /** The same with other groups of a table's weights that share a scale. */
    Combination withTables(Grouping table) {
        return new Combination(weights, fragile, activations, grouping, table, range, rounding);
    }

    /** The same with ranges found in another way. */
    Combination with(RangeMethod other) {
        return new Combination(
                weights, fragile, activations, grouping, tableGrouping, other, rounding);
    }

    /** The same with codes chosen in another way. */
    Combination with(Rounding other) {
        return new Combination(
                weights, fragile, activations, grouping, tableGrouping, range, other);
    }
}
