package dev.fewbit.core.findings;

import java.util.Arrays;
import java.util.List;

/** Which task's metric is wanted. */
public enum TaskChoice {
    /** What the data says, or what can be told from it. */
    AUTO("auto"),
    /** No metric. */
    NONE("none"),
    /** Classes: top-1 and top-5 accuracy. */
    CLASSIFICATION("classification"),
    /** Pairs of sentences with a score: Spearman correlation of the cosines. */
    SIMILARITY("similarity"),
    /** Rows of tokens: perplexity of each next one. */
    NEXT_TOKEN("next-token"),
    /** Text in pictures: share of texts that are read without a mistake. */
    CTC("ctc");

    private final String label;

    TaskChoice(String label) {
        this.label = label;
    }

    /** The word for it on the command line and in files. */
    public String label() {
        return label;
    }

    /** All words. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(TaskChoice::label).toList();
    }

    /**
     * The choice of that word.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static TaskChoice ofLabel(String label) {
        for (TaskChoice choice : values()) {
            if (choice.label.equals(label)) {
                return choice;
            }
        }
        throw new IllegalArgumentException(
                "expected one of " + String.join(", ", labels()) + ", got '" + label + "'");
    }
}
