package dev.fewbit.tuning;

import dev.fewbit.core.findings.TaskMetric;
import dev.fewbit.runtime.trial.TaskTrials;

import java.io.IOException;

/**
 * What a quantized model may lose at most.
 *
 * <p>Where the data has labels and the task is known, the loss is what the task's metric loses
 * against the float model, in the unit of the metric: 0.01 is a point of accuracy. Elsewhere it is
 * the relative error of the outputs, the power of the error over the power of the output: 0.01 is a
 * signal-to-noise ratio of 20 dB.
 */
sealed interface LossGoal {

    /** The most that may be lost. */
    double limit();

    /** What a candidate loses; not-a-number if it cannot be told. */
    double loss(Workbench bench, Candidate candidate) throws IOException;

    /** What is measured, for people. */
    String measure();

    /** The metric of a task. */
    record Metric(TaskTrials trials, double limit) implements LossGoal {

        @Override
        public double loss(Workbench bench, Candidate candidate) throws IOException {
            TaskMetric metric = trials.measure(bench.quantized(candidate));
            return metric.loss();
        }

        @Override
        public String measure() {
            return "loss of " + trials.metric();
        }
    }

    /** The error of the outputs. */
    record OutputError(double limit) implements LossGoal {

        @Override
        public double loss(Workbench bench, Candidate candidate) throws IOException {
            return bench.loss(candidate);
        }

        @Override
        public String measure() {
            return "relative output error";
        }
    }

    /** Whether a loss is within the limit. */
    default boolean isMetBy(double loss) {
        return loss <= limit();
    }
}
