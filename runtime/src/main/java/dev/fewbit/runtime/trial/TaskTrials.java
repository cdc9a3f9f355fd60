package dev.fewbit.runtime.trial;

import dev.fewbit.core.findings.TaskChoice;
import dev.fewbit.core.findings.TaskMetric;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.SessionSettings;
import dev.fewbit.runtime.task.Measure;
import dev.fewbit.runtime.task.Task;
import dev.fewbit.runtime.task.TaskScore;
import dev.fewbit.runtime.task.TaskSelection;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How well the float model does its task on some labelled samples, kept so that any number of
 * candidates can be held against it. Memory: a number or two for every question.
 */
public final class TaskTrials {
    private final Task task;
    private final Samples samples;
    private final int questions;
    private final int threads;
    private final List<Measure> original;

    private TaskTrials(
            Task task, Samples samples, int questions, int threads, List<Measure> original) {
        this.task = task;
        this.samples = samples;
        this.questions = questions;
        this.threads = threads;
        this.original = original;
    }

    /**
     * Asks the float model.
     *
     * @param model the float model
     * @param samples the data; is read again for every candidate
     * @param choice which task the user wants
     * @param questions how many questions are asked at most, at least 1
     * @param threads threads that a model is given
     * @return empty if the data has no task
     * @throws dev.fewbit.runtime.session.RuntimeModelException if ONNX Runtime refuses the model
     * @throws IOException if the samples cannot be read, do not fit, or a task is forced that they
     *     do not allow
     */
    public static Optional<TaskTrials> of(
            Path model, Samples samples, TaskChoice choice, int questions, int threads)
            throws IOException {
        List<Sample> first = samples.first(1);
        if (first.isEmpty() || samples.random()) {
            return Optional.empty();
        }
        Model graph = OnnxReader.read(model);
        try (ModelSession session =
                ModelSession.open(model, SessionSettings.withThreads(threads))) {
            Optional<Task> task =
                    TaskSelection.choose(
                                    choice,
                                    samples,
                                    first,
                                    session.run(first.getFirst()),
                                    key -> graph.metadata(key).orElse(""))
                            .task();
            if (task.isEmpty()) {
                return Optional.empty();
            }
            TaskScore score = ask(session, task.get(), samples, questions);
            List<Measure> measures = score.measures();
            return measures.isEmpty() || measures.getFirst().statistic().samples() == 0
                    ? Optional.empty()
                    : Optional.of(
                            new TaskTrials(task.get(), samples, questions, threads, measures));
        }
    }

    /** Name of the metric, for example {@code top-1 accuracy}. */
    public String metric() {
        return original.getFirst().name();
    }

    /**
     * Asks a candidate the same questions.
     *
     * @param candidate a model with inputs and outputs of the float model
     * @return the metric that counts, of both models
     * @throws dev.fewbit.runtime.session.RuntimeModelException if ONNX Runtime refuses the model
     * @throws IOException if the samples cannot be read
     */
    public TaskMetric measure(Path candidate) throws IOException {
        try (ModelSession session =
                ModelSession.open(candidate, SessionSettings.withThreads(threads))) {
            TaskScore score = ask(session, task, samples, questions);
            return original.getFirst().against(score.measures().getFirst());
        }
    }

    private static TaskScore ask(ModelSession session, Task task, Samples samples, int questions)
            throws IOException {
        TaskScore score = task.score();
        int[] asked = new int[1];
        samples.visit(
                sample -> {
                    Map<String, NumberArray> answer = session.run(sample);
                    NumberArray output = answer.get(task.output());
                    if (output == null) {
                        throw new IOException(
                                "the model has no output '"
                                        + task.output()
                                        + "', which its task"
                                        + " needs");
                    }
                    score.add(sample, output);
                    if (sample.completes()) {
                        asked[0]++;
                    }
                    return asked[0] < questions;
                });
        return score;
    }
}
