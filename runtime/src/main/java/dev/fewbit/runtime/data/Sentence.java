package dev.fewbit.runtime.data;

import java.util.List;

/** A sentence, as text or as tokens. */
sealed interface Sentence {

    /**
     * Not tokenized yet.
     *
     * @param text the words
     */
    record Words(String text) implements Sentence {}

    /**
     * Tokenized already.
     *
     * @param ids token ids, special ones included
     */
    record Tokens(List<Long> ids) implements Sentence {
        /** Copies the ids. */
        public Tokens {
            ids = List.copyOf(ids);
        }
    }
}
