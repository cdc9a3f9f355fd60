package dev.fewbit.core.format;

import java.util.Arrays;

/** Makes the levels of {@link PowersOfTwo}. */
final class PowerLevels {

    private PowerLevels() {}

    /** All levels, ascending. */
    static float[] of(PowersOfTwo format) {
        int bits = format.bits();
        return switch (format.base()) {
            // The negative side's additional level is one nearer to zero, where levels are dense,
            // except with 4 bits: there are enough of those, and -128 is the only one left of the
            // powers that 8-bit integers hold.
            case TWO ->
                    bits < 4 ? withInnermost(powers(1 << (bits - 1))) : extended(powers(7), 128);
            case ROOT_OF_TWO -> withInnermost(roots(1 << (bits - 1)));
            case ADDITIVE -> {
                int[][] sets =
                        switch (bits) {
                            case 4 -> new int[][] {{1, 4, 8}, {2}};
                            case 5 -> new int[][] {{1, 4, 16}, {2, 8, 32}};
                            default -> new int[][] {{1, 4, 32}, {2, 16, 64}, {8}};
                        };
                yield extended(sums(sets), bits == 4 ? 12 : bits == 5 ? 64 : 128);
            }
        };
    }

    /** {@code 1, 2, 4, ...} */
    private static float[] powers(int count) {
        float[] powers = new float[count];
        for (int k = 0; k < count; k++) {
            powers[k] = 1 << k;
        }
        return powers;
    }

    /** {@code 1, sqrt 2, 2, ...} */
    private static float[] roots(int count) {
        float[] roots = new float[count];
        for (int k = 0; k < count; k++) {
            roots[k] = (float) ((1 << (k / 2)) * (k % 2 == 0 ? 1 : Math.sqrt(2)));
        }
        return roots;
    }

    /** All sums of at most one term from each set, ascending, zero left out. */
    private static float[] sums(int[][] sets) {
        int[] sums = {0};
        for (int[] set : sets) {
            int[] longer = Arrays.copyOf(sums, sums.length * (set.length + 1));
            int at = sums.length;
            for (int term : set) {
                for (int sum : sums) {
                    longer[at++] = sum + term;
                }
            }
            sums = longer;
        }
        Arrays.sort(sums);
        float[] magnitudes = new float[sums.length - 1];
        for (int i = 0; i < magnitudes.length; i++) {
            magnitudes[i] = sums[i + 1];
        }
        return magnitudes;
    }

    /** The smallest of the magnitudes is a level on the negative side only. */
    private static float[] withInnermost(float[] magnitudes) {
        return signed(magnitudes, Arrays.copyOfRange(magnitudes, 1, magnitudes.length));
    }

    /** A magnitude beyond the others is a level on the negative side only. */
    private static float[] extended(float[] magnitudes, float extreme) {
        float[] negative = Arrays.copyOf(magnitudes, magnitudes.length + 1);
        negative[magnitudes.length] = extreme;
        return signed(negative, magnitudes);
    }

    private static float[] signed(float[] negative, float[] positive) {
        float[] levels = new float[negative.length + 1 + positive.length];
        for (int i = 0; i < negative.length; i++) {
            levels[i] = -negative[negative.length - 1 - i];
        }
        System.arraycopy(positive, 0, levels, negative.length + 1, positive.length);
        return levels;
    }
}
