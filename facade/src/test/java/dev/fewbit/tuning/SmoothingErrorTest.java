package dev.fewbit.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.affine.RangeMethod;
import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.calibrate.ActivationRanges;
import dev.fewbit.core.correct.ActivationSmoothing;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Granularity;
import dev.fewbit.core.plan.Encoding;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.AffineQuantizer;
import dev.fewbit.core.statistics.ChannelDetail;
import dev.fewbit.core.statistics.ChannelStatistics;
import dev.fewbit.core.statistics.TensorStatistics;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.LinearLayer;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The error that is expected from statistics, held against the error on the data. */
class SmoothingErrorTest {
    private static final int ROWS = 4000;
    private static final int CHANNELS = Networks.CHANNELS;
    private static final int OUTPUTS = Networks.HIDDEN;
    private static final Affine CODES = new Affine(8, false, false);
    private static final Affine WEIGHTS = new Affine(8, true, true);

    @ParameterizedTest
    @ValueSource(strings = {"min-max", "squared-error"})
    void expectsWhatTheDataShow(String label) {
        ActivationRange range = ActivationRange.of(label);
        Networks net = new Networks();
        Value y = net.node("MatMul", "y", net.rows(1), net.normal("w", 0.1, CHANNELS, OUTPUTS));
        Model model = net.deliver(y);
        LinearLayer layer =
                LinearLayer.of(model.graph().nodes().getFirst(), new Constants(model))
                        .orElseThrow();
        float[] weights = layer.weights();
        float[] data = data();
        TensorStatistics statistics = new TensorStatistics(ChannelDetail.HISTOGRAMS);
        statistics.addChannels(data, 0, ROWS, CHANNELS, 1);
        ChannelStatistics channels = statistics.channels().orElseThrow();
        SmoothingError error = new SmoothingError(channels.histograms(), CODES, range);
        error.add(layer, plan());
        float[] magnitudes = new float[CHANNELS];
        double[] doubles = layer.inputChannels().magnitudes(weights);
        Arrays.setAll(doubles, channel -> magnitudes[channel] = (float) doubles[channel]);

        double leastExpected = Double.POSITIVE_INFINITY;
        double ofLeastExpected = Double.POSITIVE_INFINITY;
        double least = Double.POSITIVE_INFINITY;
        for (int strength = 0; strength <= 10; strength++) {
            float[] factors =
                    ActivationSmoothing.factors(channels.magnitudes(), magnitudes, strength / 10.0);
            double expected = error.with(factors);
            double found = found(data, weights, factors, range);
            // Both are sums over 32 channels of independent errors; 4000 rows tell them to within
            // a few percent, and the 256 bins of a channel are finer than the 256 levels of all
            // but few channels.
            assertThat(expected).isBetween(0.85 * found, 1.15 * found);
            if (expected < leastExpected) {
                leastExpected = expected;
                ofLeastExpected = found;
            }
            least = Math.min(least, found);
        }

        // If every expectation is within a factor of 1.15, the choice is within its square.
        assertThat(ofLeastExpected).isLessThanOrEqualTo(1.15 / 0.85 * least);
        float[] ones = new float[CHANNELS];
        Arrays.fill(ones, 1);
        assertThat(least).isLessThan(found(data, weights, ones, range) / 2);
    }

    /** Normally distributed; every eighth channel is 40 times as large as the others. */
    private static float[] data() {
        Random random = new Random(3);
        float[] data = new float[ROWS * CHANNELS];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) (random.nextGaussian() * (i % 8 == 5 ? 40 : 1));
        }
        return data;
    }

    private static WeightPlan plan() {
        return new WeightPlan(
                "w",
                List.of((long) CHANNELS, (long) OUTPUTS),
                WEIGHTS,
                Grouping.CHANNEL,
                new RangeMethod.MinMax(),
                List.of(new UsePlan("y", "MatMul", Encoding.INTEGER)),
                "");
    }

    /** Rounds data and weights, multiplies, and compares. */
    private static double found(
            float[] data, float[] weights, float[] factors, ActivationRange range) {
        float[] smoothed = new float[data.length];
        for (int i = 0; i < data.length; i++) {
            smoothed[i] = data[i] / factors[i % CHANNELS];
        }
        TensorStatistics statistics = new TensorStatistics();
        statistics.add(smoothed, 0, smoothed.length);
        AffineParameters levels = ActivationRanges.find(statistics.distribution(), range, CODES);
        AffineMapping mapping = new AffineMapping(CODES, levels);
        float[] multiplied = new float[weights.length];
        for (int i = 0; i < weights.length; i++) {
            multiplied[i] = weights[i] * factors[i / OUTPUTS];
        }
        float[] rounded =
                AffineQuantizer.quantize(
                                multiplied,
                                new long[] {CHANNELS, OUTPUTS},
                                WEIGHTS,
                                new Granularity.PerChannel(1),
                                new RangeMethod.MinMax())
                        .dequantize();
        double noise = 0;
        double signal = 0;
        for (int row = 0; row < ROWS; row++) {
            for (int output = 0; output < OUTPUTS; output++) {
                double original = 0;
                double quantized = 0;
                for (int channel = 0; channel < CHANNELS; channel++) {
                    int at = row * CHANNELS + channel;
                    float real = mapping.dequantize(mapping.quantize(smoothed[at]));
                    original += (double) data[at] * weights[channel * OUTPUTS + output];
                    quantized += (double) real * rounded[channel * OUTPUTS + output];
                }
                noise += (quantized - original) * (quantized - original);
                signal += original * original;
            }
        }
        return noise / signal;
    }
}
