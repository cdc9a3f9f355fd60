package dev.fewbit.runtime.task;

import dev.fewbit.core.findings.TaskMetric;
import dev.fewbit.core.findings.TaskMetric.Unit;

/**
 * One metric of one model.
 *
 * @param name for people
 * @param unit how the figure is to be read
 * @param higherIsBetter whether more is better
 * @param statistic the figure, and what it was made of
 */
public record Measure(String name, Unit unit, boolean higherIsBetter, Statistic statistic) {

    /** The figure. */
    public double value() {
        return statistic.value();
    }

    /**
     * The two models side by side.
     *
     * @param quantized the same metric of the other model, over the same samples
     */
    public TaskMetric against(Measure quantized) {
        return new TaskMetric(
                name,
                unit,
                higherIsBetter,
                value(),
                quantized.value(),
                statistic.samples(),
                quantized.statistic.standardError(),
                statistic.differenceError(quantized.statistic));
    }
}
