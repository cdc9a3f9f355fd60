package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.constant.ClipBounds;
import dev.fewbit.onnx.constant.Constants;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.layer.ChannelMap;
import dev.fewbit.onnx.layer.LinearLayer;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Between which numbers each channel of a value lies, whatever the model is fed: interval
 * arithmetic along the graph. Relu and Clip make the intervals narrow enough to be of use.
 *
 * <p>Model inputs are taken to lie within {@link #LARGEST_INPUT} of 0, more than any picture, sound
 * or feature has. Bounds are widened by what rounding to float can add, so that they hold for what
 * ONNX Runtime computes: by {@code (K + 2) 2^-24} of the magnitudes of K terms.
 */
final class ChannelRanges {

    static final double LARGEST_INPUT = 1 << 16;

    private static final double UNIT = 0x1p-24;

    private final Constants constants;
    private final Map<Value, Range> ranges = new HashMap<>();
    private final Graph graph;

    ChannelRanges(Graph graph, Constants constants) {
        this.graph = graph;
        this.constants = constants;
    }

    /** The bounds of all values of a graph whose nodes are in order. */
    static ChannelRanges of(Graph graph, Constants constants) {
        ChannelRanges ranges = new ChannelRanges(graph, constants);
        for (Node node : graph.nodes()) {
            LinearLayer layer = LinearLayer.of(node, constants).orElse(null);
            if (layer != null) {
                ranges.conclude(layer);
            } else {
                ranges.conclude(node);
            }
        }
        return ranges;
    }

    /**
     * Bounds of each channel.
     *
     * @param low one for each channel
     * @param high one for each channel, not below {@code low}
     */
    // Handed from one class of this package to another, and never changed.
    @SuppressWarnings("ArrayRecordComponent")
    record Range(double[] low, double[] high) {

        /** True when the channel is the same number always. */
        boolean isConstant(int channel) {
            return low[channel] == high[channel];
        }

        /** True when at least one channel is the same number always. */
        boolean hasConstants() {
            return IntStream.range(0, low.length).anyMatch(this::isConstant);
        }

        private boolean isOpenEverywhere() {
            return IntStream.range(0, low.length)
                    .allMatch(
                            channel ->
                                    Double.isInfinite(low[channel])
                                            || Double.isInfinite(high[channel]));
        }
    }

    /** The bounds of a value with this many channels; infinite where nothing is known. */
    Range of(Value value, int channels) {
        Range known = ranges.get(value);
        if (known != null && known.low().length == channels) {
            return known;
        }
        double most = graph.inputs().contains(value) ? LARGEST_INPUT : Double.POSITIVE_INFINITY;
        return all(channels, -most, most);
    }

    /** The bounds of a value when its channels are known; null otherwise. */
    @Nullable Range known(Value value) {
        return ranges.get(value);
    }

    private static Range all(int channels, double low, double high) {
        double[] lows = new double[channels];
        double[] highs = new double[channels];
        Arrays.fill(lows, low);
        Arrays.fill(highs, high);
        return new Range(lows, highs);
    }

    /** Bounds of what a layer makes, from its weights and bias as they are now. */
    void conclude(LinearLayer layer) {
        ChannelMap inputs = layer.inputChannels();
        ChannelMap outputs = layer.outputChannels();
        Range read = of(layer.input(), inputs.channels());
        if (read.isOpenEverywhere()) {
            // Nothing would come of it, and the weights of a language model are many.
            ranges.put(
                    layer.output(),
                    all(outputs.channels(), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
            return;
        }
        boolean zeros = layer.isConvolution() && !isUnpadded(layer.node());
        double alpha = layer.node().is("Gemm") ? layer.node().floatAttribute("alpha", 1) : 1;
        float[] weights = layer.weights();
        double[] low = layer.bias();
        double[] high = low.clone();
        double[] magnitude = new double[low.length];
        int[] terms = new int[low.length];
        for (int i = 0, at = 0; i < inputs.first(); i++) {
            for (int j = 0; j < inputs.second(); j++) {
                int input = inputs.channel(i, j);
                int output = outputs.channel(i, j);
                double least = zeros ? Math.min(0, read.low()[input]) : read.low()[input];
                double most = zeros ? Math.max(0, read.high()[input]) : read.high()[input];
                double positive = 0;
                double negative = 0;
                for (int k = 0; k < inputs.rest(); k++, at++) {
                    double weight = alpha * weights[at];
                    positive += Math.max(weight, 0);
                    negative += Math.min(weight, 0);
                    terms[output] += weight == 0 ? 0 : 1;
                }
                // Bounds may be infinite, and are not to be multiplied by zero then.
                if (positive > 0) {
                    low[output] += positive * least;
                    high[output] += positive * most;
                }
                if (negative < 0) {
                    low[output] += negative * most;
                    high[output] += negative * least;
                }
                if (positive > negative) {
                    magnitude[output] +=
                            (positive - negative) * Math.max(Math.abs(least), Math.abs(most));
                }
            }
        }
        double[] bias = layer.bias();
        for (int channel = 0; channel < low.length; channel++) {
            if (terms[channel] > 0) {
                double rounding =
                        (terms[channel] + 2)
                                * UNIT
                                * (magnitude[channel] + Math.abs(bias[channel]));
                low[channel] -= rounding;
                high[channel] += rounding;
            }
        }
        ranges.put(layer.output(), new Range(low, high));
    }

    /** True when every output of a convolution sums up as many terms. */
    static boolean isUnpadded(Node node) {
        long[] pads = node.intsAttribute("pads");
        String automatic = node.stringAttribute("auto_pad", "NOTSET");
        return !node.is("ConvTranspose")
                && (automatic.equals("VALID")
                        || (automatic.equals("NOTSET")
                                && (pads == null
                                        || Arrays.stream(pads).allMatch(amount -> amount == 0))));
    }

    /** Bounds of what another node makes, if it treats every channel by itself. */
    void conclude(Node node) {
        Value input = node.input(0);
        Range read = input == null ? null : ranges.get(input);
        Value output = node.output(0);
        if (input == null || output == null || node.outputs().size() != 1) {
            return;
        }
        ClipBounds bounds = ClipBounds.ordered(node, constants);
        if (bounds != null) {
            if (read != null) {
                ranges.put(output, clipped(read, bounds));
            }
            return;
        }
        boolean same =
                switch (node.opType()) {
                    case "Identity", "Dropout", "MaxPool", "GlobalMaxPool" -> true;
                    default -> false;
                };
        if (read == null || !node.domain().isEmpty()) {
            return;
        }
        if (same) {
            ranges.put(output, read);
        } else if (node.is("Add")) {
            add(node, read, output);
        }
    }

    private void add(Node node, Range left, Value output) {
        Value other = node.input(1);
        Range right = other == null ? null : ranges.get(other);
        if (right == null || right.low().length != left.low().length) {
            return;
        }
        double[] low = new double[left.low().length];
        double[] high = new double[low.length];
        for (int channel = 0; channel < low.length; channel++) {
            low[channel] = left.low()[channel] + right.low()[channel];
            high[channel] = left.high()[channel] + right.high()[channel];
            double rounding = UNIT * Math.max(Math.abs(low[channel]), Math.abs(high[channel]));
            low[channel] -= rounding;
            high[channel] += rounding;
        }
        ranges.put(output, new Range(low, high));
    }

    static Range clipped(Range range, ClipBounds bounds) {
        double[] low = new double[range.low().length];
        double[] high = new double[low.length];
        for (int channel = 0; channel < low.length; channel++) {
            low[channel] = Math.clamp(range.low()[channel], (double) bounds.low(), bounds.high());
            high[channel] = Math.clamp(range.high()[channel], (double) bounds.low(), bounds.high());
        }
        return new Range(low, high);
    }
}
