package dev.fewbit.core.correct;

import dev.fewbit.core.statistics.ChannelDetail;
import dev.fewbit.core.statistics.TensorStatistics;

import java.util.Arrays;

/**
 * Statistics of an activation whose channels are clipped normal distributions, made without data
 * and without random numbers: what a batch normalization says of its output.
 *
 * <p>A channel is represented by n equally probable values: the quantiles of {@code (k + 1/2) / n}.
 * So the largest of them is about 3.3 standard deviations from the mean with 1024 values, and 4.4
 * with 100 000.
 */
public final class NormalChannels {

    /** Values of a channel that are enough for ranges of 8 bits. */
    public static final int DEFAULT_VALUES = 1024;

    private NormalChannels() {}

    /**
     * The statistics.
     *
     * @param means mean of every channel before clipping, finite: the shift of the normalization
     * @param deviations standard deviation of every channel, finite; signs do not matter: the scale
     *     of the normalization
     * @param low lower limit, for example 0 for a ReLU, or negative infinity
     * @param high upper limit, for example 6 for a ReLU6, or infinity
     * @param values how many values stand for a channel, at least 2
     * @param detail what to keep of the channels
     */
    public static TensorStatistics statistics(
            float[] means,
            float[] deviations,
            float low,
            float high,
            int values,
            ChannelDetail detail) {
        if (means.length != deviations.length || values < 2 || !(low <= high)) {
            throw new IllegalArgumentException(
                    "as many means as deviations, at least 2 values and limits in order are needed,"
                            + " got %d, %d, %d, [%s, %s]"
                                    .formatted(means.length, deviations.length, values, low, high));
        }
        double[] quantiles = quantiles(values);
        TensorStatistics statistics = new TensorStatistics(detail);
        float[] samples = new float[Math.multiplyExact(means.length, values)];
        for (int channel = 0; channel < means.length; channel++) {
            float mean = requireFinite(means[channel]);
            double deviation = Math.abs(requireFinite(deviations[channel]));
            for (int k = 0; k < values; k++) {
                samples[channel * values + k] =
                        Math.clamp((float) (mean + deviation * quantiles[k]), low, high);
            }
        }
        if (means.length > 0) {
            statistics.addChannels(samples, 0, 1, means.length, values);
        }
        return statistics;
    }

    /** Quantiles of the standard normal distribution, ascending. */
    static double[] quantiles(int values) {
        double[] quantiles = new double[values];
        Arrays.setAll(quantiles, k -> StandardNormal.quantile((k + 0.5) / values));
        return quantiles;
    }

    private static float requireFinite(float value) {
        if (!Float.isFinite(value)) {
            throw new IllegalArgumentException("means and deviations are finite, got " + value);
        }
        return value;
    }
}
