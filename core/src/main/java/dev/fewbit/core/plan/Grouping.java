package dev.fewbit.core.plan;

import org.jspecify.annotations.Nullable;

/**
 * Which weights of a tensor share one scale and zero point, without saying along which axis: that
 * follows from the operator (see {@code WeightSite}).
 *
 * @param kind the whole tensor, one output channel, or a run of inputs of one output channel
 * @param size weights in a block; 0 unless {@code kind} is {@link Kind#BLOCK}
 */
public record Grouping(Kind kind, int size) {
    /** One scale for the whole tensor. */
    public static final Grouping TENSOR = new Grouping(Kind.TENSOR, 0);

    /** One scale for each output channel, or for each row of a table. */
    public static final Grouping CHANNEL = new Grouping(Kind.CHANNEL, 0);

    private static final String BLOCK_PREFIX = "block:";

    /** What shares a scale. */
    public enum Kind {
        /** All weights. */
        TENSOR,
        /** The weights of one output channel. */
        CHANNEL,
        /** A fixed number of consecutive inputs of one output channel. */
        BLOCK
    }

    /** Refuses blocks without a size and sizes without a block. */
    public Grouping {
        if (kind == Kind.BLOCK ? size < 1 : size != 0) {
            throw new IllegalArgumentException(
                    "a block needs a size of 1 or more, got " + size + " for " + kind);
        }
    }

    /** One scale for every {@code size} consecutive inputs of an output channel. */
    public static Grouping block(int size) {
        return new Grouping(Kind.BLOCK, size);
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException if the text is none of {@code tensor}, {@code channel} and
     *     {@code block:N}
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
            try {
                return block(Integer.parseInt(text.substring(BLOCK_PREFIX.length())));
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
                        + "'; expected tensor, channel or block:N, for example block:32",
                cause);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case TENSOR -> "tensor";
            case CHANNEL -> "channel";
            case BLOCK -> BLOCK_PREFIX + size;
        };
    }
}
