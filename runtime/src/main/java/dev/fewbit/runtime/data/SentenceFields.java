package dev.fewbit.runtime.data;

import java.util.Optional;

/** Names under which sentence data is known. */
enum SentenceFields {
    /** The sentence, or the first of a pair. */
    FIRST,
    /** The second of a pair. */
    SECOND,
    /** How alike the two are. */
    SCORE,
    /** The class. */
    NUMBER;

    /** The field of that name. */
    static Optional<SentenceFields> of(String name) {
        return switch (name) {
            case "a", "sentence1", "text1", "sentence", "text" -> Optional.of(FIRST);
            case "b", "sentence2", "text2" -> Optional.of(SECOND);
            case "score", "similarity", "similarity_score" -> Optional.of(SCORE);
            case "label", "class" -> Optional.of(NUMBER);
            default -> Optional.empty();
        };
    }
}
