package dev.fewbit.runtime.task;

import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.OmittedInput;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.TaskSettings.Pooling;

import java.util.Map;
import java.util.Optional;

/** Sentence embeddings from a model's output. */
final class Embedding {

    private Embedding() {}

    /**
     * The embedding of a batch of one.
     *
     * @param sample its attention mask, if it has one, says which tokens count
     * @param output [1, width], or [1, tokens, width] to be pooled
     * @param pooling how
     */
    static double[] of(Sample sample, NumberArray output, Pooling pooling) {
        long[] shape = output.shape();
        int width = (int) shape[shape.length - 1];
        int tokens = width == 0 ? 0 : output.size() / width;
        Optional<NumberArray> mask =
                pooling == Pooling.MEAN ? mask(sample, tokens) : Optional.empty();
        double[] sum = new double[width];
        double count = 0;
        for (int token = 0; token < (pooling == Pooling.MEAN ? tokens : 1); token++) {
            double weight = mask.isPresent() ? mask.get().doubleAt(token) : 1;
            count += weight;
            for (int i = 0; i < width && weight != 0; i++) {
                sum[i] += weight * output.doubleAt(token * width + i);
            }
        }
        for (int i = 0; i < width; i++) {
            sum[i] /= count;
        }
        return sum;
    }

    private static Optional<NumberArray> mask(Sample sample, int tokens) {
        for (Map.Entry<String, NumberArray> input : sample.inputs().entrySet()) {
            boolean masks = OmittedInput.of(input.getKey()).orElse(null) == OmittedInput.MASK;
            if (masks && input.getValue().size() == tokens) {
                return Optional.of(input.getValue());
            }
        }
        return Optional.empty();
    }

    /** Cosine of the angle between two vectors; 0 when one has no length. */
    static double cosine(double[] first, double[] second) {
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < Math.min(first.length, second.length); i++) {
            xx += first[i] * first[i];
            yy += second[i] * second[i];
            xy += first[i] * second[i];
        }
        return xx == 0 || yy == 0 ? 0 : Math.clamp(xy / Math.sqrt(xx) / Math.sqrt(yy), -1.0, 1.0);
    }
}
