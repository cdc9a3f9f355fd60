package dev.fewbit.core.format;

/**
 * Levels from a table, not evenly spaced: {@code value = scale * table[code]}.
 *
 * <p>Codes are unsigned and count the levels from the lowest one up.
 */
public sealed interface LevelFormat extends WeightFormat permits PowersOfTwo, MidRise, Codebook {

    /** Number of codes, {@code 2^bits}. */
    default int levelCount() {
        return 1 << bits();
    }

    /**
     * Whether all levels are 8-bit integers times a scale, so that weights can take part in integer
     * arithmetic: {@code Gather(int8 table, codes) -> DequantizeLinear(scale)}.
     */
    boolean integral();

    /**
     * Whether there is always a scale. Where not, a tensor without channels or blocks of its own
     * has none: its levels are the values.
     */
    boolean alwaysScaled();
}
