package dev.fewbit;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.PowersOfTwo;
import dev.fewbit.core.format.WeightFormat;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Rounding;

import java.util.Optional;

/**
 * What goes well together in fewer than 8 bits: for each family of levels and width, one
 * combination for networks of convolutions and one for networks of matrix products. The figures
 * come from measurements.
 */
final class FewBits {
    /** The layers that bear least are so small that 8 bits cost next to nothing. */
    private static final Affine FRAGILE = new Affine(8, true, true);

    /** From here down longer blocks: the kernel is slower than float with shorter ones. */
    private static final int BITS_FOR_LONG_BLOCKS = 2;

    private static final int BLOCK = 32;
    private static final int LONG_BLOCK = 64;

    private FewBits() {}

    /**
     * The recipe for a family and a width.
     *
     * @throws IllegalArgumentException if there is none, saying which widths there are
     */
    static Recipe of(WeightFamily family, int bits) {
        family.check(bits);
        return new Recipe(
                family.prefix() + bits,
                NetworkKind.ANY,
                products(family, bits),
                Optional.of(convolutions(family, bits)),
                StaticOptions.DEFAULT,
                0);
    }

    /** The recipe with a name; empty if it is no such name. */
    static Optional<Recipe> named(String name) {
        for (WeightFamily family : WeightFamily.values()) {
            for (int bits = 1; bits < Byte.SIZE; bits++) {
                if (name.equals(family.prefix() + bits) && family.has(bits)) {
                    return Optional.of(of(family, bits));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * One scale per output channel, as integer kernels want it. Evenly spaced levels compute in
     * integers; the others are for small files, and keep the activations exact.
     */
    private static Combination convolutions(WeightFamily family, int bits) {
        WeightFormat format = integral(family, bits);
        return new Combination(
                format,
                Optional.of(FRAGILE),
                family == WeightFamily.AFFINE ? Activations.STATIC : Activations.FLOAT,
                Grouping.CHANNEL,
                Grouping.CHANNEL,
                new RangeMethod.LeastSquares(),
                Rounding.AUTO);
    }

    /** Blocks, as the runtime's low-bit matrix kernel takes them, with scales of 8 bits. */
    private static Combination products(WeightFamily family, int bits) {
        boolean even = family == WeightFamily.AFFINE;
        int size = even && bits > BITS_FOR_LONG_BLOCKS ? BLOCK : LONG_BLOCK;
        Grouping blocks = Grouping.block(size).withScaleBits(Byte.SIZE);
        return new Combination(
                even ? new Affine(bits, false, false) : integral(family, bits),
                Optional.empty(),
                Activations.DYNAMIC,
                blocks,
                even ? blocks.withSize(size * Combination.TABLE_BLOCK_FACTOR) : Grouping.CHANNEL,
                RangeMethod.LeastSquares.quick(),
                Rounding.AUTO);
    }

    /** Levels that are integers times a scale. */
    private static WeightFormat integral(WeightFamily family, int bits) {
        return switch (family) {
            case AFFINE -> Combination.integral(bits);
            case POW2 -> PowersOfTwo.of(bits);
            case CODEBOOK -> new Codebook(bits, Codebook.Entries.INT8);
        };
    }
}
