package dev.fewbit.tuning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What to add to the output channels of a layer so that the quantized network's means become those
 * of the float network, behind the activation function.
 *
 * <p>A channel is left alone where its mean is not known well (too few values, or some that are not
 * finite), where the difference is next to nothing, and where it is absurd: more than the channel's
 * largest magnitude twice, or a bias that takes most of what an int32 can hold.
 */
final class ChannelShift {

    /** Below this many values a mean says more about the samples than about rounding. */
    static final int FEWEST_VALUES = 16;

    /** Differences up to this part of a channel's largest magnitude change nothing. */
    private static final double NEGLIGIBLE = 1e-6;

    /** Shifts up to this multiple of a channel's largest magnitude are believed. */
    private static final double BELIEVED = 2;

    private final double[] bias;
    private final double[] largestBias;

    /**
     * @param bias the bias that is shifted, for each output channel
     * @param largestBias magnitudes that the sum must not exceed, for each output channel, unless
     *     the bias does itself
     */
    ChannelShift(double[] bias, double[] largestBias) {
        this.bias = bias;
        this.largestBias = largestBias;
    }

    /**
     * The shifts that give channels the means that they should have.
     *
     * @param expected the float network's channels
     * @param actual the quantized network's channels on the same samples
     * @param matching what counts of them
     * @return one number for each channel; empty if there is nothing to shift
     */
    Optional<List<Float>> between(
            SampledValues expected, SampledValues actual, MeanMatching matching) {
        boolean alike =
                expected.channels() == bias.length
                        && actual.channels() == bias.length
                        && expected.places() == actual.places();
        if (!alike) {
            return Optional.empty();
        }
        double[] differences = new double[bias.length];
        double[] magnitudes = new double[bias.length];
        long[] counts = new long[bias.length];
        Arrays.fill(counts, expected.places());
        for (int channel = 0; channel < bias.length; channel++) {
            float[] should = expected.channel(channel);
            differences[channel] = matching.shift(should, actual.channel(channel));
            for (float each : should) {
                magnitudes[channel] = Math.max(magnitudes[channel], Math.abs(each));
            }
        }
        return believed(differences, magnitudes, counts);
    }

    /**
     * Those of some differences that are worth a shift.
     *
     * @param differences for each channel
     * @param magnitudes the float network's largest magnitude in each channel
     * @param counts how many values each difference is the mean of
     * @return one number for each channel; empty if there is nothing to shift
     */
    Optional<List<Float>> believed(double[] differences, double[] magnitudes, long[] counts) {
        Float[] shift = new Float[differences.length];
        Arrays.fill(shift, 0f);
        boolean any = false;
        for (int channel = 0; channel < shift.length; channel++) {
            double difference = differences[channel];
            double magnitude = magnitudes[channel];
            double sum = Math.abs(bias[channel] + difference);
            boolean fits = sum <= Math.max(largestBias[channel], Math.abs(bias[channel]));
            // Written so that a NaN is not believed.
            boolean sound =
                    Math.abs(difference) > NEGLIGIBLE * magnitude
                            && Math.abs(difference) <= BELIEVED * magnitude;
            if (counts[channel] >= FEWEST_VALUES && sound && fits) {
                shift[channel] = (float) difference;
                any = true;
            }
        }
        return any ? Optional.of(new ArrayList<>(Arrays.asList(shift))) : Optional.empty();
    }
}
