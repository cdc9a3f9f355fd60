package dev.fewbit.runtime.random;

import dev.fewbit.runtime.data.Dimension;
import dev.fewbit.runtime.data.InputSpecification;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Sizes for the axes that a model leaves free.
 *
 * @param sequence length of a sequence
 * @param height rows of an image
 * @param width columns of an image
 */
record Sizes(long sequence, long height, long width) {

    /**
     * What is tried, in this order: usual sizes first, then smaller ones that fit short position
     * tables, then larger ones that deep pooling needs, then the flat images that text recognizers
     * take.
     */
    static final List<Sizes> CANDIDATES =
            List.of(
                    new Sizes(32, 224, 224),
                    new Sizes(16, 32, 32),
                    new Sizes(8, 28, 28),
                    new Sizes(128, 256, 256),
                    new Sizes(1, 48, 320),
                    new Sizes(77, 299, 299),
                    new Sizes(64, 512, 512),
                    new Sizes(256, 640, 640),
                    new Sizes(512, 96, 96));

    /**
     * The shape of an input.
     *
     * @param input what the model takes
     * @param use what the graph says about it
     */
    long[] shape(InputSpecification input, InputUse use) {
        List<Dimension> dimensions = input.dimensions();
        long[] shape = new long[dimensions.size()];
        for (int axis = 0; axis < shape.length; axis++) {
            Dimension dimension = dimensions.get(axis);
            shape[axis] =
                    dimension.isFree()
                            ? size(dimension.symbol(), axis, input, use)
                            : dimension.size();
        }
        return shape;
    }

    /** Sizes of a batch, for people, for example {@code sequence 32, images 224x224}. */
    String describe() {
        return "sequence length " + sequence + ", images " + height + "x" + width;
    }

    private long size(String symbol, int axis, InputSpecification input, InputUse use) {
        int rank = input.rank();
        if (axis == 1 && rank >= 3 && use.channels().isPresent()) {
            return use.channels().getAsLong();
        }
        if (axis == rank - 1 && use.width().isPresent()) {
            return use.width().getAsLong();
        }
        if (!symbol.isEmpty()) {
            List<Long> parts = new ArrayList<>();
            for (String part : symbol.toLowerCase(Locale.ROOT).split("\\+", -1)) {
                parts.add(named(part.strip()));
            }
            if (parts.stream().noneMatch(part -> part < 0)) {
                return parts.stream().mapToLong(Long::longValue).sum();
            }
        }
        return placed(axis, rank, input);
    }

    /** The size that a name such as {@code batch_size} or {@code past_sequence} stands for. */
    private long named(String symbol) {
        if (symbol.chars().allMatch(Character::isDigit) && !symbol.isEmpty()) {
            return symbol.length() < 10 ? Long.parseLong(symbol) : -1;
        }
        if (symbol.contains("past")) {
            return 0;
        }
        if (symbol.contains("batch")) {
            return 1;
        }
        if (symbol.contains("seq") || symbol.contains("token") || symbol.contains("length")) {
            return sequence;
        }
        if (symbol.contains("height")) {
            return height;
        }
        if (symbol.contains("width")) {
            return width;
        }
        if (symbol.contains("channel")) {
            return 3;
        }
        return -1;
    }

    /** The size that is usual at a place: [batch, channels, height, width], [batch, sequence]. */
    private long placed(int axis, int rank, InputSpecification input) {
        if (axis == 0) {
            return 1;
        }
        if (rank == 4) {
            boolean channelsLast = input.dimensions().get(3).size() == 3;
            if (channelsLast) {
                return axis == 1 ? height : width;
            }
            return axis == 1 ? 3 : axis == 2 ? height : width;
        }
        return sequence;
    }
}
