package dev.fewbit.runtime.task;

import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.SampleDataException;

import java.util.List;

/**
 * Folds a model's answers into its metrics. Samples must come in their order: the halves of a pair
 * follow each other. Keeps a number or two for every question, nothing else. Not thread-safe.
 */
public interface TaskScore {

    /**
     * Adds one answer.
     *
     * @param sample what was asked; without a label of the task's kind it does not count
     * @param output what the model gave at {@link Task#output}
     * @throws SampleDataException if the label cannot be an answer of this model
     */
    void add(Sample sample, NumberArray output) throws SampleDataException;

    /** The metrics so far, the one that counts first. */
    List<Measure> measures();
}
