package dev.fewbit.tuning;

import dev.fewbit.core.findings.TaskChoice;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.task.Classification;
import dev.fewbit.runtime.task.NextToken;
import dev.fewbit.runtime.task.Similarity;
import dev.fewbit.runtime.task.Task;
import dev.fewbit.runtime.task.TaskSelection;
import dev.fewbit.runtime.task.TextReading;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * What the outputs of a network mean.
 *
 * @param task the task, if there is one
 * @param scores name of the output that scores classes along its last axis; empty if none does
 * @param probabilities whether those scores are probabilities; else logits
 */
public record ScoredOutput(Optional<Task> task, Optional<String> scores, boolean probabilities) {

    /**
     * Finds it out.
     *
     * @param data samples, which tell the task
     * @param answer what the network answers to the first of them
     */
    public static ScoredOutput of(
            Model model, Samples data, Map<String, NumberArray> answer, TaskChoice choice)
            throws IOException {
        Optional<Task> task =
                TaskSelection.choose(
                                choice,
                                data,
                                data.first(1),
                                answer,
                                key -> model.metadata(key).orElse(""))
                        .task();
        Optional<String> scores = task.flatMap(ScoredOutput::scores);
        return new ScoredOutput(
                task, scores, scores.isPresent() && isProbability(model, scores.get()));
    }

    private static Optional<String> scores(Task task) {
        return switch (task) {
            case Classification _, NextToken _, TextReading _ -> Optional.of(task.output());
            case Similarity _ -> Optional.empty();
        };
    }

    private static boolean isProbability(Model model, String output) {
        for (Value value : model.graph().outputs()) {
            Node producer = value.producer();
            if (value.name().equals(output) && producer != null) {
                return producer.is("Softmax");
            }
        }
        return false;
    }
}
