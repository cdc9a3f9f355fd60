package dev.fewbit.core.findings;

import org.jspecify.annotations.Nullable;

/**
 * A model that a search looked at, or could write.
 *
 * @param label what it is in words, for example {@code 4 bits}; empty for one of many
 * @param bytes size of its file
 * @param predictedLoss the sum of what its layers lose one by one
 * @param measuredLoss what the whole model lost when it ran, or {@code null} if it did not
 * @param seconds the time of a run, or {@code null} if it is not known
 */
public record SearchPoint(
        String label,
        long bytes,
        double predictedLoss,
        @Nullable Double measuredLoss,
        @Nullable Double seconds) {

    /** Refuses a negative size. */
    public SearchPoint {
        if (bytes < 0) {
            throw new IllegalArgumentException("a file has 0 bytes or more, got " + bytes);
        }
    }

    /** The loss as measured, or as predicted where it was not measured. */
    public double loss() {
        Double measured = measuredLoss;
        return measured == null ? predictedLoss : measured;
    }
}
