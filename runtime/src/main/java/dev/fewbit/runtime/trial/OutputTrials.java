package dev.fewbit.runtime.trial;

import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.SessionSettings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The outputs of the float model on some samples, kept so that any number of candidates can be held
 * against them.
 *
 * <p>The loss of a candidate is the power of its error relative to that of the float output, {@code
 * sum (x - y)^2 / sum x^2}, at most 1, averaged over outputs and samples. Labels are not needed.
 * Memory: the kept samples with their outputs.
 */
public final class OutputTrials {

    /** Inputs and outputs are kept up to this size; fewer samples are used when they are large. */
    private static final long KEPT_BYTES = 512L << 20;

    private final List<Sample> samples;
    private final List<Map<String, NumberArray>> expected;
    private final int threads;

    private OutputTrials(
            List<Sample> samples, List<Map<String, NumberArray>> expected, int threads) {
        this.samples = samples;
        this.expected = expected;
        this.threads = threads;
    }

    /**
     * Runs the float model.
     *
     * @param model the float model
     * @param samples what to run it on; the first ones are taken
     * @param count number of samples, at least 1; fewer are used when they are large or run out
     * @param threads threads that a model is given
     * @throws dev.fewbit.runtime.session.RuntimeModelException if ONNX Runtime refuses the model
     * @throws IOException if the samples cannot be read, do not fit, or there are none
     */
    public static OutputTrials of(Path model, Samples samples, int count, int threads)
            throws IOException {
        List<Sample> kept = new ArrayList<>();
        List<Map<String, NumberArray>> outputs = new ArrayList<>();
        try (ModelSession session =
                ModelSession.open(model, SessionSettings.withThreads(threads))) {
            long[] bytes = new long[1];
            samples.visit(
                    sample -> {
                        Map<String, NumberArray> result = session.run(sample);
                        kept.add(sample);
                        outputs.add(result);
                        bytes[0] += bytes(sample.inputs()) + bytes(result);
                        return kept.size() < count && bytes[0] < KEPT_BYTES;
                    });
        }
        if (kept.isEmpty()) {
            throw new IOException(samples.description() + ": there is no sample to run");
        }
        return new OutputTrials(kept, outputs, threads);
    }

    /** Number of samples that candidates are run on. */
    public int samples() {
        return samples.size();
    }

    /**
     * Runs a candidate.
     *
     * @param candidate a model with the inputs of the float model, and one of its outputs at least
     * @return its loss, 0 (nothing changed) to 1 (nothing is left)
     * @throws dev.fewbit.runtime.session.RuntimeModelException if ONNX Runtime refuses the model
     */
    public double loss(Path candidate) {
        double sum = 0;
        long count = 0;
        try (ModelSession session =
                ModelSession.open(candidate, SessionSettings.withThreads(threads))) {
            for (int i = 0; i < samples.size(); i++) {
                Map<String, NumberArray> found = session.run(samples.get(i));
                for (Map.Entry<String, NumberArray> output : expected.get(i).entrySet()) {
                    NumberArray other = found.get(output.getKey());
                    if (other != null && other.size() == output.getValue().size()) {
                        sum += relativeError(output.getValue(), other);
                        count++;
                    }
                }
            }
        }
        if (count == 0) {
            throw new IllegalArgumentException(
                    candidate + " has no output of the same name and size as the float model");
        }
        return sum / count;
    }

    private static double relativeError(NumberArray original, NumberArray quantized) {
        double signal = 0;
        double noise = 0;
        for (int i = 0; i < original.size(); i++) {
            double x = original.doubleAt(i);
            if (Double.isFinite(x)) {
                double error = x - quantized.doubleAt(i);
                signal += x * x;
                noise += error * error;
            }
        }
        if (noise == 0) {
            return 0;
        }
        return noise < signal ? noise / signal : 1;
    }

    private static long bytes(Map<String, NumberArray> arrays) {
        return arrays.values().stream().mapToLong(array -> array.bytes().remaining()).sum();
    }
}
