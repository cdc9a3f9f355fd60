package dev.fewbit.tuning;

import dev.fewbit.core.plan.Correction;
import dev.fewbit.planning.integer.IntegerChoices;
import dev.fewbit.runtime.calibrate.Statistics;

import java.util.ArrayList;
import java.util.List;

/**
 * All that a static plan follows from, for one prepared model.
 *
 * @param corrections changes of the prepared model's constants
 * @param statistics statistics of the corrected model's values
 * @param choices what is settled about its nodes and values
 */
record Candidate(List<Correction> corrections, Statistics statistics, IntegerChoices choices) {

    /** Copies the list. */
    Candidate {
        corrections = List.copyOf(corrections);
    }

    /** The same with one more correction, and the statistics that follow from it. */
    Candidate with(List<? extends Correction> more, Statistics changed) {
        List<Correction> all = new ArrayList<>(corrections);
        all.addAll(more);
        return new Candidate(all, changed, choices);
    }

    /** The same with other choices. */
    Candidate with(IntegerChoices others) {
        return new Candidate(corrections, statistics, others);
    }
}
