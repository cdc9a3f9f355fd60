package dev.fewbit.tuning;

import dev.fewbit.core.plan.Correction;
import dev.fewbit.planning.integer.IntegerChoices;
import dev.fewbit.runtime.calibrate.Statistics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

    /**
     * The same with more nodes and weights in float.
     *
     * @param nodes labels of nodes to compute in float, each with the reason
     * @param tensors names of weights not to quantize, each with the reason
     * @param unrounded labels of the nodes that read these weights: there is no error left that
     *     their biases could be corrected for
     */
    Candidate withFloat(
            Map<String, String> nodes, Map<String, String> tensors, Set<String> unrounded) {
        Map<String, String> keptFloat = new LinkedHashMap<>(choices.keptFloat());
        keptFloat.putAll(nodes);
        Map<String, String> floatWeights = new LinkedHashMap<>(choices.floatWeights());
        floatWeights.putAll(tensors);
        List<Correction> needed =
                corrections.stream()
                        .filter(
                                correction ->
                                        !(correction instanceof Correction.BiasShift shift
                                                && unrounded.contains(shift.node())))
                        .toList();
        return new Candidate(
                needed,
                statistics,
                choices.withKeptFloat(keptFloat).withFloatWeights(floatWeights));
    }

    /** The same with other choices. */
    Candidate with(IntegerChoices others) {
        return new Candidate(corrections, statistics, others);
    }
}
