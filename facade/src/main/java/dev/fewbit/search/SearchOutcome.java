package dev.fewbit.search;

import dev.fewbit.rounding.RoundedPlan;

import java.util.List;

/**
 * What a search found.
 *
 * @param rounded the network, as it was delivered last
 * @param notes what was done, one sentence each, the sum of it first
 */
public record SearchOutcome(RoundedPlan rounded, List<String> notes) {

    /** Copies the list. */
    public SearchOutcome {
        notes = List.copyOf(notes);
    }
}
