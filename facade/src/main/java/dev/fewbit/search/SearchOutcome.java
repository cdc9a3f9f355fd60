package dev.fewbit.search;

import dev.fewbit.rounding.RoundedPlan;

import java.util.List;

/**
 * What a search found.
 *
 * @param rounded the network, as it was delivered last
 * @param summary the curve, and why every weight got what it got
 * @param notes what was done, one sentence each, the sum of it first
 */
public record SearchOutcome(RoundedPlan rounded, SearchSummary summary, List<String> notes) {

    /** Copies the list. */
    public SearchOutcome {
        notes = List.copyOf(notes);
    }
}
