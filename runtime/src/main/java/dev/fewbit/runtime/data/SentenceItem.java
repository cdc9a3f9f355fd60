package dev.fewbit.runtime.data;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * One line of text data.
 *
 * @param where file and line, for messages
 * @param sentences one, or the two of a pair
 * @param score how alike the two are, if the data says it
 * @param number class of the one, if the data says it
 */
record SentenceItem(
        String where, List<Sentence> sentences, OptionalDouble score, OptionalLong number) {

    SentenceItem {
        sentences = List.copyOf(sentences);
    }

    /** What the line has, for messages. */
    String form() {
        return (sentences.size() == 2 ? "two sentences" : "one sentence")
                + (score.isPresent() ? " and a score" : "")
                + (number.isPresent() ? " and a class" : "");
    }
}
