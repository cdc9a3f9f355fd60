package dev.fewbit.tuning;

import dev.fewbit.core.correct.BalancedChannels;
import dev.fewbit.core.statistics.ChannelStatistics;
import dev.fewbit.core.statistics.Histogram;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.integer.IntegerOperators;
import dev.fewbit.onnx.integer.IntegerSupport.Limits;
import dev.fewbit.onnx.prepare.Equalization.Pair;

import java.util.Arrays;
import java.util.List;

/**
 * What the channels between two layers look like behind the activation function, by what was
 * measured in front of it.
 */
final class MeasuredChannels {
    /** What a Clip that channels may be rescaled through keeps its input below. */
    private static final double CLIPPED = 6;

    /**
     * Channels are rescaled up to this share of the Clip: other data reaches a little further than
     * what was seen.
     */
    private static final double MARGIN = 0.9;

    /**
     * What averages over a picture leave of the power of noise: the geometric mean of 1, when it is
     * the same everywhere, and one in 7 x 7, the usual size, when it is different everywhere.
     */
    private static final double AVERAGED = 1.0 / 7;

    private final double[] largest;
    private final double[] variances;
    private final double[] passing;
    private final double[] least;
    private final double[] most;

    private MeasuredChannels(int count) {
        largest = new double[count];
        variances = new double[count];
        passing = new double[count];
        least = new double[count];
        most = new double[count];
        Arrays.fill(least, Double.MIN_NORMAL);
        Arrays.fill(most, Double.MAX_VALUE);
    }

    /**
     * The channels of a pair.
     *
     * @param pair the layers and what lies between
     * @param measured the first layer's outputs, with histograms
     * @param levels levels of the values that the second layer reads; 0 if they stay float
     */
    static BalancedChannels of(
            Pair pair, ChannelStatistics measured, Constants constants, int levels) {
        double low = Double.NEGATIVE_INFINITY;
        double high = Double.POSITIVE_INFINITY;
        double averaged = 1;
        for (Node node : pair.between()) {
            if (IntegerOperators.of(node, constants) instanceof Limits limits) {
                low = Math.max(low, limits.low());
                high = Math.min(high, limits.high());
            } else if (node.is("GlobalAveragePool") || node.is("ReduceMean")) {
                averaged = AVERAGED;
            }
        }
        MeasuredChannels channels = new MeasuredChannels(measured.channels());
        List<Histogram> histograms = measured.histograms();
        for (int c = 0; c < measured.channels(); c++) {
            channels.measure(c, histograms.get(c), low, high);
            if (pair.clipped()) {
                channels.keepBelowClip(c, measured.maximum(c));
            }
        }
        return new BalancedChannels(
                channels.largest,
                channels.variances,
                channels.passing,
                channels.least,
                channels.most,
                averaged,
                levels);
    }

    private void measure(int c, Histogram values, double low, double high) {
        long count = values.count();
        if (count == 0) {
            return;
        }
        double lowest = Math.clamp(values.minimum(), low, high);
        double highest = Math.clamp(values.maximum(), low, high);
        largest[c] = Math.max(Math.abs(lowest), Math.abs(highest));
        double sum = 0;
        double squares = 0;
        long passed = 0;
        long[] counts = values.counts();
        for (int bin = 0; bin < counts.length; bin++) {
            if (counts[bin] > 0) {
                double middle = values.lowerEdge() + (bin + 0.5) * values.binWidth();
                double value = Math.clamp(middle, lowest, highest);
                sum += counts[bin] * value;
                squares += counts[bin] * value * value;
                passed += middle > low && middle < high ? counts[bin] : 0;
            }
        }
        variances[c] = Math.max(0, squares / count - sum / count * (sum / count));
        passing[c] = passed / (double) count;
    }

    /** A channel that came near the Clip stays as it is; others may grow until they do. */
    private void keepBelowClip(int c, double reached) {
        boolean free = reached < MARGIN * CLIPPED;
        least[c] = free ? least[c] : 1;
        most[c] = !free ? 1 : reached > 0 ? MARGIN * CLIPPED / reached : most[c];
    }
}
