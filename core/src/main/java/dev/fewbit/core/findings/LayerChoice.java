package dev.fewbit.core.findings;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * What a search chose for one layer, and why.
 *
 * @param tensor name of the weight tensor
 * @param layer where it is used, for people; may be empty
 * @param weights how many weights it has
 * @param choice what was chosen in words, for example {@code 4 bits, blocks of 32}
 * @param bytes what it takes, parameters included
 * @param lossShare its part of the predicted loss of all layers, 0 to 1 (negative where the choice
 *     gains)
 * @param reason why, in one sentence
 * @param smaller the next smaller choice, or {@code null} if there is none
 * @param larger the next larger choice, or {@code null} if there is none
 */
public record LayerChoice(
        String tensor,
        String layer,
        long weights,
        String choice,
        long bytes,
        double lossShare,
        String reason,
        @Nullable Alternative smaller,
        @Nullable Alternative larger) {

    /**
     * Another choice for the same layer.
     *
     * @param choice what it is in words
     * @param bytesDifference its bytes less those of the choice that was made
     * @param lossDifference its predicted loss less that of the choice that was made
     */
    public record Alternative(String choice, long bytesDifference, double lossDifference) {

        /** Refuses one without words. */
        public Alternative {
            Objects.requireNonNull(choice, "choice");
        }
    }

    /** Stored bits for each weight, parameters included; not-a-number for a tensor without any. */
    public double bitsPerWeight() {
        return weights == 0 ? Double.NaN : 8.0 * bytes / weights;
    }
}
