package dev.fewbit.tuning;

import dev.fewbit.core.plan.Plan;

import java.util.List;
import java.util.stream.Stream;

/**
 * A plan that was found with the help of data.
 *
 * @param plan the plan
 * @param warnings what one must know before using it, one sentence each
 * @param notes what was tried and what came of it, one sentence each, the sum of it first
 */
public record TunedPlan(Plan plan, List<String> warnings, List<String> notes) {

    /** A plan for which nothing was tried. */
    public TunedPlan(Plan plan) {
        this(plan, List.of(), List.of());
    }

    /** Copies the lists. */
    public TunedPlan {
        warnings = List.copyOf(warnings);
        notes = List.copyOf(notes);
    }

    /** The same with one more warning, the first. */
    public TunedPlan warning(String sentence) {
        return new TunedPlan(
                plan, Stream.concat(Stream.of(sentence), warnings.stream()).toList(), notes);
    }
}
