package dev.fewbit.training;

import dev.fewbit.core.plan.Plan;
import dev.fewbit.train.loop.TrainingPoint;

import java.util.List;

/**
 * How a training went.
 *
 * @param plan what was done to the weights and activations
 * @param points all evaluations, the one before the first step first
 * @param notes what there is to know, one sentence each
 */
public record TrainingOutcome(Plan plan, List<TrainingPoint> points, List<String> notes) {

    /** Copies the lists. */
    public TrainingOutcome {
        points = List.copyOf(points);
        notes = List.copyOf(notes);
    }
}
