package dev.fewbit.core.format;

/**
 * Evenly spaced levels on both sides of zero, which is not one of them: {@code value = scale * (2
 * code - 2^bits + 1)}, so 2 bits give -3, -1, 1 and 3 times the scale.
 *
 * <p>Where there are few levels a symmetric {@link Affine} wastes a part of them: -2, -1, 0 and 1.
 * For Gaussian values of 2 bits these levels have 9.25 dB, those of {@link Affine} 7.98. From 5
 * bits on nothing is left of that.
 *
 * @param bits bits of one code, 1 to 7
 */
public record MidRise(int bits) implements LevelFormat {

    /** Checks the width. */
    public MidRise {
        if (bits < 1 || bits >= Byte.SIZE) {
            throw new IllegalArgumentException(
                    "mid-rise levels have codes of 1 to 7 bits, got " + bits);
        }
    }

    /** The levels in ascending order; the code of a level is its index. */
    public byte[] integerLevels() {
        byte[] levels = new byte[levelCount()];
        for (int code = 0; code < levels.length; code++) {
            levels[code] = (byte) (2 * code - levels.length + 1);
        }
        return levels;
    }

    @Override
    public boolean integral() {
        return true;
    }

    @Override
    public boolean alwaysScaled() {
        return true;
    }

    /** For example {@code mid-rise-2}. */
    @Override
    public String label() {
        return "mid-rise-" + bits;
    }
}
