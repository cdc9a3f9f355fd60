package dev.fewbit.search;

import dev.fewbit.core.findings.TaskChoice;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.tuning.SampleRuns;
import dev.fewbit.tuning.ScoredOutput;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far the outputs of a network are from those of the float network; no labels are needed.
 *
 * <p>Where an output holds scores or probabilities of classes, it is the Kullback-Leibler
 * divergence of what the network says from what the float network says, in nats, on average over
 * all places. Elsewhere it is the power of the error relative to that of the float output. Both
 * grow with the square of small errors, so that what several layers add is about the sum.
 */
final class OutputDivergence {
    /** Share of the network's own answer in the mixture. */
    private static final double SKEW = 0.9;

    private final List<Sample> samples;
    private final List<Map<String, NumberArray>> expected;
    private final Optional<String> scores;
    private final boolean probabilities;
    private final SampleRuns runs;

    private OutputDivergence(
            List<Sample> samples,
            List<Map<String, NumberArray>> expected,
            Optional<String> scores,
            boolean probabilities,
            SampleRuns runs) {
        this.samples = samples;
        this.expected = expected;
        this.scores = scores;
        this.probabilities = probabilities;
        this.runs = runs;
    }

    /**
     * Runs the float network.
     *
     * @param source the float model
     * @param data where the samples come from; tells the task
     * @param samples what to run on, at least one
     */
    static OutputDivergence of(
            Path source, Samples data, List<Sample> samples, TaskChoice choice, int threads)
            throws IOException, InterruptedException {
        Model model = OnnxReader.read(source);
        SampleRuns runs = new SampleRuns(threads);
        List<Map<String, NumberArray>> expected = runs.whole(source, samples);
        ScoredOutput scored = ScoredOutput.of(model, data, expected.getFirst(), choice);
        return new OutputDivergence(
                samples, expected, scored.scores(), scored.probabilities(), runs);
    }

    /** What is measured, for people. */
    String measure() {
        return scores.isPresent()
                ? "divergence of what the outputs say (nats)"
                : "relative error of the outputs";
    }

    /** The samples. */
    List<Sample> samples() {
        return samples;
    }

    /** Of a whole model. */
    double of(Path model) throws InterruptedException {
        double[] sum = new double[1];
        runs.each(
                model,
                samples,
                (number, outputs) -> of(number, outputs),
                divergence -> sum[0] += divergence);
        return sum[0] / samples.size();
    }

    /**
     * On one sample.
     *
     * @param number number of the sample
     * @param outputs outputs of the network; those that are missing are the same as in the float
     *     network
     */
    double of(int number, Map<String, NumberArray> outputs) {
        Map<String, NumberArray> floats = expected.get(number);
        if (scores.isPresent()) {
            NumberArray found = outputs.get(scores.get());
            NumberArray wanted = floats.get(scores.get());
            return found == null || wanted == null ? 0 : divergence(wanted, found);
        }
        double sum = 0;
        for (Map.Entry<String, NumberArray> output : floats.entrySet()) {
            NumberArray found = outputs.get(output.getKey());
            sum += found == null ? 0 : relativeError(output.getValue(), found);
        }
        return sum / Math.max(1, floats.size());
    }

    /**
     * On average over the places, each of which has the classes of the last axis: the divergence of
     * Kullback and Leibler from a mixture that has a little of the float network's own answer. It
     * orders small errors alike, and no place counts for more than 2.3. Without that, where a
     * network is as sure of a wrong answer as text readers are, a place in a thousand decides. L.
     * Lee, <a href="https://aclanthology.org/P99-1004/">Measures of Distributional Similarity</a>,
     * 1999.
     */
    private double divergence(NumberArray wanted, NumberArray found) {
        int classes = Math.toIntExact(wanted.shape()[wanted.rank() - 1]);
        if (found.size() != wanted.size() || classes == 0) {
            return Double.POSITIVE_INFINITY;
        }
        int places = wanted.size() / classes;
        double sum = 0;
        for (int place = 0; place < places; place++) {
            double[] p = LogProbabilities.of(wanted, place * classes, classes, probabilities);
            double[] q = LogProbabilities.of(found, place * classes, classes, probabilities);
            for (int i = 0; i < classes; i++) {
                double probability = Math.exp(p[i]);
                if (probability > 0) {
                    double mixed = SKEW * Math.exp(q[i]) + (1 - SKEW) * probability;
                    sum += probability * (p[i] - Math.log(mixed));
                }
            }
        }
        return Math.max(0, sum / Math.max(1, places));
    }

    private static double relativeError(NumberArray wanted, NumberArray found) {
        if (wanted.size() != found.size()) {
            return 1;
        }
        double signal = 0;
        double noise = 0;
        for (int i = 0; i < wanted.size(); i++) {
            double x = wanted.doubleAt(i);
            if (Double.isFinite(x)) {
                double error = x - found.doubleAt(i);
                signal += x * x;
                noise += error * error;
            }
        }
        return noise == 0 ? 0 : noise / Math.max(signal, Double.MIN_NORMAL);
    }
}
