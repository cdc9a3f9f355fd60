package dev.fewbit.tuning;

import dev.fewbit.core.plan.Plan;

import java.util.List;

/**
 * A plan that was found with the help of data.
 *
 * @param plan the plan
 * @param notes what is to be known about it, one sentence each
 */
public record TunedPlan(Plan plan, List<String> notes) {

    /** Copies the list. */
    public TunedPlan {
        notes = List.copyOf(notes);
    }
}
