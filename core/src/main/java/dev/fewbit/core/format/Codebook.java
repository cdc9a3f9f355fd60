package dev.fewbit.core.format;

/**
 * Learned levels: a table of {@code 2^bits} entries for a tensor, or one for each group of channels
 * ({@link CodebookSharing}).
 *
 * <p>{@link Entries#FLOAT32}: {@code value = table[code]}, or {@code scale * table[code]} where
 * channels or blocks have a scale. {@link Entries#INT8}: always with a scale, {@code value = scale
 * * table[code]}, so that the weights can take part in integer arithmetic.
 *
 * <p>Zero need not be an entry.
 *
 * @param bits bits of one code, 1 to 8; with integer entries 1 to 7, because 256 different 8-bit
 *     integers are evenly spaced
 * @param entries what a table holds
 */
public record Codebook(int bits, Entries entries) implements LevelFormat {

    /** What a table holds. */
    public enum Entries {
        /** Floats. */
        FLOAT32(Float.SIZE),
        /** Integers from -128 to 127, to be multiplied by a scale. */
        INT8(Byte.SIZE);

        private final int bits;

        Entries(int bits) {
            this.bits = bits;
        }

        /** Bits of an entry. */
        public int bits() {
            return bits;
        }
    }

    /** Checks the width. */
    public Codebook {
        int most = entries == Entries.INT8 ? Byte.SIZE - 1 : Byte.SIZE;
        if (bits < 1 || bits > most) {
            throw new IllegalArgumentException(
                    "codebooks of %s entries have codes of 1 to %d bits, got %d"
                            .formatted(entries, most, bits));
        }
    }

    /** Float entries. */
    public Codebook(int bits) {
        this(bits, Entries.FLOAT32);
    }

    /** Bits of one table. */
    public long tableBits() {
        return (long) levelCount() * entries.bits();
    }

    @Override
    public boolean integral() {
        return entries == Entries.INT8;
    }

    @Override
    public boolean alwaysScaled() {
        return integral();
    }

    /** For example {@code codebook-4} or {@code codebook-4-int8}. */
    @Override
    public String label() {
        return "codebook-" + bits + (integral() ? "-int8" : "");
    }
}
