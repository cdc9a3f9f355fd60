package dev.fewbit.core.findings;

import java.util.List;

/**
 * A weight that stays as it was.
 *
 * @param tensor name of the tensor
 * @param operator operator that uses it
 * @param shape dimensions
 * @param bytes size in bytes
 * @param reason why it was left alone, as a sentence for a person
 */
public record SkippedWeight(
        String tensor, String operator, List<Long> shape, long bytes, String reason) {

    /** Copies the shape. */
    public SkippedWeight {
        shape = List.copyOf(shape);
    }
}
