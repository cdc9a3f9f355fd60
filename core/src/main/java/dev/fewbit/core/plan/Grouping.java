package dev.fewbit.core.plan;

import org.jspecify.annotations.Nullable;

/**
 * Which weights of a tensor share one scale and zero point, without saying along which axis: that
 * follows from the operator (see {@code WeightSite}).
 *
 * @param kind the whole tensor, one output channel, or a run of inputs of one output channel
 * @param size weights in a block; 0 unless {@code kind} is {@link Kind#BLOCK}
 * @param scaleBits how a scale is stored: 32 as a float; 8 as a number from 1 to 255, times one
 *     float for all blocks of an output channel (two levels of scales)
 */
public record Grouping(Kind kind, int size, int scaleBits) {
    /** One scale for the whole tensor. */
    public static final Grouping TENSOR = new Grouping(Kind.TENSOR, 0, Float.SIZE);

    /** One scale for each output channel, or for each row of a table. */
    public static final Grouping CHANNEL = new Grouping(Kind.CHANNEL, 0, Float.SIZE);

    private static final String BLOCK_PREFIX = "block:";
    private static final String SCALES_PREFIX = ",scales:";

    /** What shares a scale. */
    public enum Kind {
        /** All weights. */
        TENSOR,
        /** The weights of one output channel. */
        CHANNEL,
        /** A fixed number of consecutive inputs of one output channel. */
        BLOCK
    }

    /** Refuses blocks without a size, sizes without a block, and other ways to store scales. */
    public Grouping {
        if (kind == Kind.BLOCK ? size < 1 : size != 0) {
            throw new IllegalArgumentException(
                    "a block needs a size of 1 or more, got " + size + " for " + kind);
        }
        if (scaleBits != Float.SIZE && (scaleBits != Byte.SIZE || kind != Kind.BLOCK)) {
            throw new IllegalArgumentException(
                    "scales have 32 bits, or 8 if they are those of blocks, got %d for %s"
                            .formatted(scaleBits, kind));
        }
    }

    /** One scale for every {@code size} consecutive inputs of an output channel. */
    public static Grouping block(int size) {
        return new Grouping(Kind.BLOCK, size, Float.SIZE);
    }

    /** The same with blocks of another size; scales are stored as they were. */
    public Grouping withSize(int other) {
        return new Grouping(kind, other, scaleBits);
    }

    /** The same blocks with scales stored in 8 or 32 bits. */
    public Grouping withScaleBits(int bits) {
        return new Grouping(kind, size, bits);
    }

    /** Whether scales are small numbers, times one float for each output channel. */
    public boolean hasTwoLevels() {
        return scaleBits == Byte.SIZE;
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException if the text is none of {@code tensor}, {@code channel},
     *     {@code block:N} and {@code block:N,scales:8}
     */
    public static Grouping parse(String text) {
        return switch (text) {
            case "tensor" -> TENSOR;
            case "channel" -> CHANNEL;
            default -> parseBlock(text);
        };
    }

    private static Grouping parseBlock(String text) {
        if (text.startsWith(BLOCK_PREFIX)) {
            int comma = text.indexOf(SCALES_PREFIX);
            int end = comma < 0 ? text.length() : comma;
            try {
                int bits =
                        comma < 0
                                ? Float.SIZE
                                : Integer.parseInt(text.substring(comma + SCALES_PREFIX.length()));
                return block(Integer.parseInt(text.substring(BLOCK_PREFIX.length(), end)))
                        .withScaleBits(bits);
            } catch (NumberFormatException notANumber) {
                throw unknown(text, notANumber);
            }
        }
        throw unknown(text, null);
    }

    private static IllegalArgumentException unknown(String text, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "unknown granularity '"
                        + text
                        + "'; expected tensor, channel, block:N or block:N,scales:8, for example"
                        + " block:32",
                cause);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case TENSOR -> "tensor";
            case CHANNEL -> "channel";
            case BLOCK -> BLOCK_PREFIX + size + (hasTwoLevels() ? SCALES_PREFIX + scaleBits : "");
        };
    }
}
