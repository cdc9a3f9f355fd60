package dev.fewbit.rounding;

import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.quantize.RoundedWeights;

import java.util.List;

/**
 * A plan with some of its weights rounded.
 *
 * @param plan the plan with the shifts of biases that go with the rounded weights; where data
 *     decided, its weights say how they were rounded in the end
 * @param weights the rounded weights
 * @param notes what was done, one sentence each
 */
public record RoundedPlan(Plan plan, RoundedWeights weights, List<String> notes) {

    /** Copies the list. */
    public RoundedPlan {
        notes = List.copyOf(notes);
    }

    /** A plan whose weights are all rounded to the nearest level. */
    public static RoundedPlan nearest(Plan plan) {
        return new RoundedPlan(plan, RoundedWeights.NONE, List.of());
    }
}
