package dev.fewbit.runtime.task;

import dev.fewbit.core.findings.TaskMetric;
import dev.fewbit.core.findings.TaskMetric.Unit;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.SampleDataException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Two models, the same questions. For pairs of sentences it also tells the mean cosine between the
 * two models' embeddings of the same sentence.
 */
public final class TaskComparison {

    private final Task task;
    private final TaskScore original;
    private final TaskScore quantized;
    private final Mean cosines = new Mean();
    private long left;

    /** Begins with nothing. */
    public TaskComparison(Task task) {
        this.task = task;
        this.original = task.score();
        this.quantized = task.score();
    }

    /**
     * Adds the two answers to one question.
     *
     * @param sample what was asked
     * @param before outputs of the float model
     * @param after outputs of the quantized model
     * @throws SampleDataException if the label cannot be an answer
     */
    public void add(Sample sample, Map<String, NumberArray> before, Map<String, NumberArray> after)
            throws SampleDataException {
        NumberArray first = before.get(task.output());
        NumberArray second = after.get(task.output());
        if (first == null || second == null || !Arrays.equals(first.shape(), second.shape())) {
            left++;
            return;
        }
        original.add(sample, first);
        quantized.add(sample, second);
        if (task instanceof Similarity similarity) {
            cosines.add(
                    Embedding.cosine(
                            Embedding.of(sample, first, similarity.pooling()),
                            Embedding.of(sample, second, similarity.pooling())));
        }
    }

    /** The metrics, the one that counts first; none if nothing could be asked. */
    public List<TaskMetric> metrics() {
        List<TaskMetric> metrics = new ArrayList<>();
        List<Measure> after = quantized.measures();
        for (int i = 0; i < after.size(); i++) {
            TaskMetric metric = original.measures().get(i).against(after.get(i));
            if (metric.samples() > 0) {
                metrics.add(metric);
            }
        }
        if (cosines.samples() > 0 && !metrics.isEmpty()) {
            metrics.add(
                    new TaskMetric(
                            "mean cosine to the float embedding",
                            Unit.NUMBER,
                            true,
                            1,
                            cosines.value(),
                            cosines.samples(),
                            cosines.standardError(),
                            cosines.standardError()));
        }
        return metrics;
    }

    /** What a reader must know to trust the metrics, in sentences. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (left > 0) {
            warnings.add(
                    "the metric leaves out "
                            + left
                            + " samples, for which the models did not give the same shape at '"
                            + task.output()
                            + "'");
        }
        metrics().stream()
                .findFirst()
                .filter(metric -> metric.samples() >= 50 && isLost(metric))
                .ifPresent(
                        metric ->
                                warnings.add(
                                        "the float model itself hardly does its task ("
                                                + metric.name()
                                                + " "
                                                + String.format(
                                                        Locale.ROOT, "%.3g", metric.original())
                                                + "): check the preprocessing, the labels and the"
                                                + " tokenizer before you trust anything here"));
        return warnings;
    }

    /** Not better than what a wrong mean or a swapped channel leaves. */
    private static boolean isLost(TaskMetric metric) {
        return metric.higherIsBetter() && !(metric.original() >= 0.05);
    }
}
