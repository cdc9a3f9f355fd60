package dev.fewbit.runtime.data;

import java.util.List;
import java.util.Optional;

/** The task that data is made for, as the data says it. */
public sealed interface TaskSettings {

    /** No task, whatever the labels. */
    record None() implements TaskSettings {}

    /** Labels are classes. */
    record Classification() implements TaskSettings {}

    /**
     * Pairs of sentences with scores.
     *
     * @param pooling how a sentence's embedding is had from one vector per token
     */
    record Similarity(Pooling pooling) implements TaskSettings {}

    /** Rows of tokens, each to be foretold from those before it. */
    record NextToken() implements TaskSettings {}

    /**
     * Text in pictures, read by connectionist temporal classification.
     *
     * @param dictionary the characters in the order of the classes, the blank left out; empty when
     *     the model brings its own
     * @param blank class of the blank
     * @param ignoresCase whether upper and lower case count as the same
     * @param lettersAndDigitsOnly whether other characters are passed over
     */
    record Ctc(
            Optional<List<String>> dictionary,
            int blank,
            boolean ignoresCase,
            boolean lettersAndDigitsOnly)
            implements TaskSettings {
        /** Copies the dictionary. */
        public Ctc {
            dictionary = dictionary.map(List::copyOf);
        }

        /** The model's dictionary, blank first, every character counts. */
        public static Ctc defaults() {
            return new Ctc(Optional.empty(), 0, false, false);
        }
    }

    /** How a sentence's embedding is had from one vector per token. */
    enum Pooling {
        /** Mean over the tokens that the attention mask lets through. */
        MEAN,
        /** The first token's vector. */
        FIRST
    }
}
