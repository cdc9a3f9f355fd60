package dev.fewbit.core.findings;

import java.util.List;

/**
 * What a person should make of the findings.
 *
 * @param grade the verdict in one word
 * @param headline the verdict in one sentence
 * @param reasons the figures behind it, a sentence each
 */
public record Verdict(Grade grade, String headline, List<String> reasons) {

    /** Copies the reasons. */
    public Verdict {
        reasons = List.copyOf(reasons);
    }

    /** From best to worst. */
    public enum Grade {
        /** Smaller, not slower, and the outputs hardly moved. */
        WORTH_IT,
        /** A gain that has a price: check it on the task's own metric. */
        WITH_CARE,
        /** The gain does not pay for what it costs. */
        NOT_WORTH_IT
    }
}
