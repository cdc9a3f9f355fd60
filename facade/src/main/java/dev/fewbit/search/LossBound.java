package dev.fewbit.search;

import dev.fewbit.core.findings.TaskChoice;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.trial.TaskTrials;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The most that may be lost, in the unit that {@code quantize --max-loss} has, too: of the task's
 * metric where the data has labels, else the divergence of the outputs.
 *
 * @param limit the most
 * @param task the task; empty if there is none
 */
record LossBound(double limit, Optional<TaskTrials> task) {
    private static final int QUESTIONS = 1000;

    /** What was asked for; empty if nothing was. */
    static Optional<LossBound> of(
            Path source, Samples data, OptionalDouble limit, TaskChoice choice, int threads)
            throws IOException {
        return limit.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new LossBound(
                                limit.getAsDouble(),
                                TaskTrials.of(source, data, choice, QUESTIONS, threads)));
    }

    /** What is limited, for people. */
    String measure(OutputDivergence divergence) {
        return task.map(trials -> "loss of " + trials.metric()).orElse(divergence.measure());
    }

    /** What a network loses. */
    double loss(Path model, OutputDivergence divergence) throws IOException, InterruptedException {
        return task.isPresent() ? task.get().measure(model).loss() : divergence.of(model);
    }
}
