package dev.fewbit.training;

import dev.fewbit.FewbitException;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.task.Classification;
import dev.fewbit.runtime.task.Similarity;
import dev.fewbit.runtime.task.Task;
import dev.fewbit.train.loop.Objective;
import dev.fewbit.train.loop.Objectives;
import dev.fewbit.tuning.SampleRuns;
import dev.fewbit.tuning.ScoredOutput;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a training goes for.
 *
 * @param objective what is made small
 * @param output number of the output that scores classes; 0 if none does
 * @param words what that is, for people
 */
record TrainingGoal(Objective objective, int output, String words) {

    /** Finds what suits the network and the data. */
    static TrainingGoal of(Path source, Samples samples, SampleSpool spool, TrainingRequest request)
            throws IOException, InterruptedException {
        Model model = OnnxReader.read(source);
        List<Sample> first = samples.first(1);
        Map<String, NumberArray> answer =
                new SampleRuns(request.threads()).whole(source, first).getFirst();
        ScoredOutput scored = ScoredOutput.of(model, samples, answer, request.task());
        if (scored.scores().isPresent()) {
            int output = number(model, scored.scores().get());
            Objective distillation = Objectives.divergence(output, scored.probabilities(), 1);
            if (!request.labels()) {
                return new TrainingGoal(
                        distillation, output, "goal: the predictions of the float model");
            }
            if (scored.task().orElse(null) instanceof Classification && spool.isLabelled()) {
                return new TrainingGoal(
                        Objectives.mean(
                                Objectives.crossEntropy(output, scored.probabilities()),
                                distillation),
                        output,
                        "goal: the labels and the predictions of the float model");
            }
        }
        if (request.labels()) {
            throw new FewbitException(
                    "there are no classes to train with in "
                            + request.data()
                            + ": leave --labels out to go by what the float model answers, or give"
                            + " data with a class for each sample");
        }
        Task task = scored.task().orElse(null);
        if (task instanceof Similarity similarity) {
            List<String> inputs = List.copyOf(first.getFirst().inputs().keySet());
            return new TrainingGoal(
                    Objectives.embeddings(
                            number(model, similarity.output()), inputs.indexOf("attention_mask")),
                    0,
                    "goal: the embeddings of the float model and what they say of pairs");
        }
        return new TrainingGoal(
                Objectives.relativeError(), 0, "goal: the outputs of the float model");
    }

    private static int number(Model model, String output) {
        List<String> names = model.graph().outputs().stream().map(Value::name).toList();
        return Math.max(0, names.indexOf(output));
    }
}
