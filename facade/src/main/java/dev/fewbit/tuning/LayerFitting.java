package dev.fewbit.tuning;

import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Granularity;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.AffineQuantizer;
import dev.fewbit.onnx.layer.LinearLayer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Fits a layer whose weights share one scale to what the quantized layers before it really make.
 *
 * <ol>
 *   <li>Gains: each input channel is multiplied by what brings it nearest to the float network's
 *       channel, {@code cov(x, x') / var(x')}.
 *   <li>Range: weights beyond a share of the range are clipped. A channel with huge weights may be
 *       one that an activation function cuts off anyway, and small steps for all others are worth
 *       more. The share is the one with the least error behind the activation function, means
 *       matched, channels weighted by what they mean for the layers behind.
 * </ol>
 */
final class LayerFitting {
    /** From one share to the next, first roughly, then closely around the best. */
    private static final double ROUGHLY = 0.75;

    private static final int ROUGH_STEPS = 12;
    private static final double CLOSELY = 0.91;

    /** Gains beyond this, or its inverse, are chance. */
    private static final double LARGEST_GAIN = 2;

    private static final int FEWEST_PLACES = 256;

    private final SampleRuns runs;
    private final int samples;
    private final int mostPlaces;

    /**
     * @param samples samples on which shares are tried
     * @param mostPlaces places of each sample at most
     */
    LayerFitting(SampleRuns runs, int samples, int mostPlaces) {
        this.runs = runs;
        this.samples = samples;
        this.mostPlaces = mostPlaces;
    }

    /**
     * What counts of a layer's outputs.
     *
     * @param matching the activation function behind it
     * @param importance what an error in each channel weighs
     * @param expected the float network's outputs
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed over once, and not changed.
    record Target(MeanMatching matching, double[] importance, SampledValues expected) {}

    /** The gains of a layer's input channels; 1 where there is nothing to be gained. */
    static List<Float> gains(SampledValues expected, SampledValues actual, int channels) {
        Float[] gains = new Float[channels];
        Arrays.fill(gains, 1f);
        boolean alike =
                expected.channels() == channels
                        && actual.channels() == channels
                        && expected.places() == actual.places()
                        && actual.places() >= FEWEST_PLACES;
        for (int channel = 0; alike && channel < channels; channel++) {
            gains[channel] = (float) gain(expected.channel(channel), actual.channel(channel));
        }
        return List.of(gains);
    }

    private static double gain(float[] expected, float[] actual) {
        double expectedMean = 0;
        double actualMean = 0;
        for (int i = 0; i < expected.length; i++) {
            expectedMean += expected[i];
            actualMean += actual[i];
        }
        expectedMean /= expected.length;
        actualMean /= expected.length;
        double covariance = 0;
        double variance = 0;
        for (int i = 0; i < expected.length; i++) {
            double deviation = actual[i] - actualMean;
            covariance += (expected[i] - expectedMean) * deviation;
            variance += deviation * deviation;
        }
        double gain = covariance / variance;
        // Written so that a NaN is no gain.
        return gain > 0 ? Math.clamp(gain, 1 / LARGEST_GAIN, LARGEST_GAIN) : 1;
    }

    /**
     * The best share of the range of a layer's weights.
     *
     * @param weights the weights, gains included
     * @param plan how they are rounded
     * @param trials runs the layer on what it reads
     * @param target what it should make
     */
    RangeMethod range(
            CorrectableLayer layer,
            float[] weights,
            WeightPlan plan,
            WeightTrials trials,
            Target target)
            throws IOException, InterruptedException {
        if (!(plan.format() instanceof Affine)) {
            // Levels from tables have their scales searched.
            return plan.range();
        }
        List<Double> shares = new ArrayList<>();
        double share = 1;
        for (int i = 0; i < ROUGH_STEPS; i++) {
            shares.add(share);
            share *= ROUGHLY;
        }
        double rough = best(shares, layer, weights, plan, trials, target);
        List<Double> near = new ArrayList<>();
        for (double factor : new double[] {1, CLOSELY, 1 / CLOSELY}) {
            near.add(Math.min(1, rough * factor));
        }
        double chosen = best(near, layer, weights, plan, trials, target);
        return chosen == 1 ? plan.range() : new RangeMethod.Clipped(chosen);
    }

    private double best(
            List<Double> shares,
            CorrectableLayer layer,
            float[] weights,
            WeightPlan plan,
            WeightTrials trials,
            Target target)
            throws IOException, InterruptedException {
        long[] shape = plan.shape().stream().mapToLong(Long::longValue).toArray();
        List<float[]> candidates = new ArrayList<>();
        for (double share : shares) {
            candidates.add(rounded(weights, shape, plan, share));
        }
        List<SampledValues> made = trials.run(candidates, shape, samples, mostPlaces, runs);
        double least = Double.POSITIVE_INFINITY;
        double best = 1;
        for (int i = 0; i < made.size(); i++) {
            double error = error(layer.layer(), made.get(i), target);
            if (error < least) {
                least = error;
                best = shares.get(i);
            }
        }
        return best;
    }

    private static float[] rounded(float[] weights, long[] shape, WeightPlan plan, double share) {
        return AffineQuantizer.quantize(
                        weights,
                        shape,
                        plan.affine(),
                        new Granularity.PerTensor(),
                        new RangeMethod.Clipped(share))
                .dequantize();
    }

    private double error(LinearLayer layer, SampledValues made, Target target) {
        double[] bias = layer.bias();
        double error = 0;
        for (int channel = 0; channel < bias.length; channel++) {
            float[] expected = target.expected().channel(channel, samples);
            float[] actual = made.channel(channel);
            for (int i = 0; i < actual.length; i++) {
                actual[i] += (float) bias[channel];
            }
            double shift = target.matching().shift(expected, actual);
            error +=
                    target.importance()[channel]
                            * target.matching().squaredError(expected, actual, shift);
        }
        return error;
    }
}
