package dev.fewbit.core.format;

import java.util.Optional;

/**
 * Zero and signed powers of a base, the same levels for every tensor: {@code value = scale *
 * levels()[code]}.
 *
 * <p>Zero takes one of the {@code 2^bits} codes, so one side has a level more than the other, as in
 * two's complement: here the negative one. A negative scale puts it on the positive side.
 *
 * <p>Powers of two saturate: each further bit doubles the number of octaves, but the relative
 * distance of large levels stays what it was. For Gaussian values they end at 14.23 dB. So more
 * bits need a finer base. The best signal-to-noise ratios in dB, with one scale:
 *
 * <table>
 * <caption>Gaussian and Laplacian values</caption>
 * <tr><th>bits</th><th>{@link Base#TWO}</th><th>{@link Base#ROOT_OF_TWO}</th>
 *     <th>{@link Base#ADDITIVE}</th></tr>
 * <tr><td>2</td><td>8.34, 6.78</td><td>8.03, 6.43</td><td></td></tr>
 * <tr><td>3</td><td>13.56, 12.17</td><td>12.55, 9.90</td><td></td></tr>
 * <tr><td>4</td><td>14.23, 14.17</td><td>19.15, 17.07</td><td>19.45, 17.26</td></tr>
 * <tr><td>5</td><td></td><td>20.05, 20.04</td><td>22.24, 21.72</td></tr>
 * <tr><td>6</td><td></td><td></td><td>27.87, 27.06</td></tr>
 * </table>
 *
 * @param bits bits of one code: 2 to 4 for base two, 2 to 5 for its root, 4 to 6 for sums
 * @param base what the levels are made of
 */
public record PowersOfTwo(int bits, Base base) implements LevelFormat {

    /** What levels are made of. */
    public enum Base {
        /** {@code 0, +-1, +-2, +-4, ...} */
        TWO(2, 4, "pow2"),

        /** {@code 0, +-1, +-sqrt 2, +-2, ...}: no integers. */
        ROOT_OF_TWO(2, 5, "root2"),

        /**
         * Sums of two or three powers of two from sets of their own (Li, Dong and Wang, "Additive
         * powers-of-two quantization", ICLR 2020). 4 bits: {@code {0,1,4,8} + {0,2}}; 5 bits:
         * {@code {0,1,4,16} + {0,2,8,32}}; 6 bits: {@code {0,1,4,32} + {0,2,16,64} + {0,8}}. Those
         * of 4 and 5 bits are the paper's; those of 6 bits have the least error for Gaussian and
         * Laplacian values among all such sets that fit 8-bit integers.
         */
        ADDITIVE(4, 6, "apot");

        private final int fewestBits;
        private final int mostBits;
        private final String word;

        Base(int fewestBits, int mostBits, String word) {
            this.fewestBits = fewestBits;
            this.mostBits = mostBits;
            this.word = word;
        }
    }

    /** Checks the width. */
    public PowersOfTwo {
        if (bits < base.fewestBits || bits > base.mostBits) {
            throw new IllegalArgumentException(
                    ("%s has codes of %d to %d bits, got %d; powers of two take 2 to 4 bits and"
                                    + " their sums 4 to 6, and beyond that evenly spaced levels"
                                    + " are better")
                            .formatted(base, base.fewestBits, base.mostBits, bits));
        }
    }

    /** Powers of two up to 4 bits, sums of them beyond. */
    public static PowersOfTwo of(int bits) {
        return new PowersOfTwo(bits, bits <= 4 ? Base.TWO : Base.ADDITIVE);
    }

    /** The levels in ascending order; the code of a level is its index. */
    public float[] levels() {
        return PowerLevels.of(this);
    }

    @Override
    public boolean integral() {
        return base != Base.ROOT_OF_TWO;
    }

    @Override
    public boolean alwaysScaled() {
        return true;
    }

    /** The levels as 8-bit integers, unless they have square roots. */
    public Optional<byte[]> integerLevels() {
        if (!integral()) {
            return Optional.empty();
        }
        float[] levels = levels();
        byte[] integers = new byte[levels.length];
        for (int i = 0; i < levels.length; i++) {
            integers[i] = (byte) levels[i];
        }
        return Optional.of(integers);
    }

    /** For example {@code pow2-4}, {@code root2-4} or {@code apot-5}. */
    @Override
    public String label() {
        return base.word + "-" + bits;
    }
}
