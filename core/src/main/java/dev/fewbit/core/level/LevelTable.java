package dev.fewbit.core.level;

import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.format.MidRise;
import dev.fewbit.core.format.PowersOfTwo;

import java.util.Arrays;
import java.util.Optional;

/**
 * Levels in ascending order; the code of a level is its index. Neighbours may be equal, which
 * leaves codes without a use of their own. Immutable.
 */
public final class LevelTable {

    /** Most levels that a table has. */
    public static final int MOST = 256;

    private final float[] levels;

    private LevelTable(float[] levels) {
        this.levels = levels;
    }

    /**
     * A table of these levels.
     *
     * @param levels 2, 4, 8, ... or 256 finite numbers, none less than the one before it; copied
     * @throws IllegalArgumentException when they are not
     */
    public static LevelTable of(float... levels) {
        int size = levels.length;
        if (size < 2 || size > MOST || Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException(
                    "a table has 2, 4, 8, ... or %d levels, got %d".formatted(MOST, size));
        }
        for (int i = 0; i < size; i++) {
            if (!Float.isFinite(levels[i]) || (i > 0 && levels[i] < levels[i - 1])) {
                throw new IllegalArgumentException(
                        "levels are finite and ascend, but level %d of %s does not"
                                .formatted(i, Arrays.toString(levels)));
            }
        }
        return new LevelTable(levels.clone());
    }

    /** The levels of a format that has the same ones for every tensor. */
    public static LevelTable of(PowersOfTwo format) {
        return of(format.levels());
    }

    /** The levels of a format that has the same ones for every tensor; empty if it learns them. */
    public static Optional<LevelTable> ofFormat(LevelFormat format) {
        return switch (format) {
            case PowersOfTwo powers -> Optional.of(of(powers));
            case MidRise levels -> Optional.of(ofIntegers(levels.integerLevels()));
            case Codebook learned -> Optional.empty();
        };
    }

    private static LevelTable ofIntegers(byte[] integers) {
        float[] levels = new float[integers.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = integers[i];
        }
        return of(levels);
    }

    /**
     * A table of numbers in double precision, rounded; where there are too few, the last is
     * repeated.
     *
     * @param ascending at least 1 and at most {@code size}
     * @param size number of levels of the table
     */
    static LevelTable filledUp(double[] ascending, int size) {
        float[] levels = new float[size];
        for (int i = 0; i < size; i++) {
            levels[i] = (float) ascending[Math.min(i, ascending.length - 1)];
        }
        return of(levels);
    }

    /** Number of levels. */
    public int size() {
        return levels.length;
    }

    /** Bits of a code. */
    public int bits() {
        return Integer.numberOfTrailingZeros(levels.length);
    }

    /**
     * A level.
     *
     * @param code its index
     */
    public float level(int code) {
        return levels[code];
    }

    /** All levels; a copy. */
    public float[] levels() {
        return levels.clone();
    }

    /** Largest magnitude of a level. */
    public float extreme() {
        return Math.max(Math.abs(levels[0]), Math.abs(levels[levels.length - 1]));
    }

    /** Whether all levels are integers from -128 to 127. */
    public boolean integral() {
        for (float level : levels) {
            if (level != (byte) level) {
                return false;
            }
        }
        return true;
    }

    /**
     * All levels as integers.
     *
     * @throws IllegalStateException when the table is not {@link #integral}
     */
    public byte[] integers() {
        if (!integral()) {
            throw new IllegalStateException(
                    "the levels are no 8-bit integers: " + Arrays.toString(levels));
        }
        byte[] integers = new byte[levels.length];
        for (int i = 0; i < levels.length; i++) {
            integers[i] = (byte) levels[i];
        }
        return integers;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LevelTable table && Arrays.equals(levels, table.levels);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(levels);
    }

    @Override
    public String toString() {
        return "LevelTable" + Arrays.toString(levels);
    }
}
