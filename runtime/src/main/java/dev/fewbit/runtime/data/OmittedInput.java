package dev.fewbit.runtime.data;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Inputs of language models that can be derived from the others when the data omits them. The name
 * decides, as exporters and tokenizers agree on the names.
 */
public enum OmittedInput {
    /** {@code token_type_ids}, {@code segment_ids}: zeros, the first segment. */
    SEGMENT("zeros"),
    /** {@code attention_mask}, {@code input_mask}: ones, nothing is padding. */
    MASK("ones"),
    /** {@code position_ids}: 0, 1, 2, ... along the last axis. */
    POSITION("0, 1, 2, ...");

    private final String words;

    OmittedInput(String words) {
        this.words = words;
    }

    /** What is filled in, for messages. */
    public String words() {
        return words;
    }

    /**
     * Recognizes an input by its name.
     *
     * @param name name of a model input
     */
    public static Optional<OmittedInput> of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.contains("token_type") || lower.contains("segment_ids")) {
            return Optional.of(SEGMENT);
        }
        if (lower.contains("attention_mask") || lower.contains("input_mask")) {
            return Optional.of(MASK);
        }
        if (lower.contains("position_ids")) {
            return Optional.of(POSITION);
        }
        return Optional.empty();
    }

    /**
     * Makes the array.
     *
     * @param shape its dimensions, at least one
     */
    NumberArray derive(long[] shape) {
        long[] values = new long[(int) NumberArray.elementCount(shape)];
        switch (this) {
            case SEGMENT -> {}
            case MASK -> Arrays.fill(values, 1);
            case POSITION -> {
                int length = (int) shape[shape.length - 1];
                for (int i = 0; i < values.length; i++) {
                    values[i] = i % length;
                }
            }
        }
        return NumberArray.ofLongs(values, shape);
    }
}
