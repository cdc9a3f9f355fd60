package dev.fewbit.tuning;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.calibrate.ActivationRanges;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Granularity;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.statistics.Histogram;
import dev.fewbit.core.statistics.Pieces;
import dev.fewbit.onnx.layer.ChannelMap;
import dev.fewbit.onnx.layer.LinearLayer;

import java.util.ArrayList;
import java.util.List;

/**
 * What rounding an activation and the weights that multiply it costs in the products, expected from
 * the distribution of each channel: no data is run.
 *
 * <p>With channel j of the activation X divided by s_j and its weights multiplied by s_j, errors of
 * both independent and without correlation between channels, the outputs have the squared error
 *
 * <pre>
 * sum over j of  E[(Q(X_j / s_j) - X_j / s_j)^2] * |s_j W_j|^2      rounding the activation
 *              + E[X_j^2] / s_j^2 * |Q(s_j W_j) - s_j W_j|^2        rounding the weights
 * </pre>
 *
 * <p>relative to {@code sum over j of E[X_j^2] |W_j|^2}. Cost: each weight is quantized once for
 * each set of factors.
 */
final class SmoothingError {
    private static final int BINS = 4096;

    private final List<Histogram> histograms;
    private final double[] power;
    private final Affine format;
    private final ActivationRange range;
    private final List<Layer> layers = new ArrayList<>();
    private final double[] energy;

    private static final class Layer {
        private final float[] weights;
        private final ChannelMap inputs;
        private final ChannelMap outputs;
        private final WeightPlan plan;

        Layer(LinearLayer layer, WeightPlan plan) {
            this.weights = layer.weights();
            this.inputs = layer.inputChannels();
            this.outputs = layer.outputChannels();
            this.plan = plan;
        }
    }

    /**
     * For one activation.
     *
     * @param histograms distribution of each of its channels
     * @param format number format of its codes
     * @param range how its range is found
     */
    SmoothingError(List<Histogram> histograms, Affine format, ActivationRange range) {
        this.histograms = List.copyOf(histograms);
        this.format = format;
        this.range = range;
        this.power = histograms.stream().mapToDouble(SmoothingError::meanSquare).toArray();
        this.energy = new double[power.length];
    }

    /** Adds a layer that reads the activation. */
    void add(LinearLayer layer, WeightPlan plan) {
        Layer added = new Layer(layer, plan);
        addSquares(added, added.weights, energy);
        layers.add(added);
    }

    /** The expected relative squared error with these factors. */
    double with(float[] factors) {
        double signal = 0;
        for (int channel = 0; channel < power.length; channel++) {
            signal += power[channel] * energy[channel];
        }
        return signal == 0 ? 0 : (ofActivation(factors) + ofWeights(factors)) / signal;
    }

    private double ofActivation(float[] factors) {
        float[] inverse = new float[factors.length];
        for (int channel = 0; channel < factors.length; channel++) {
            inverse[channel] = 1 / factors[channel];
        }
        Histogram smoothed = Histogram.ofRescaled(histograms, inverse, BINS);
        if (smoothed.count() == 0) {
            return 0;
        }
        AffineParameters levels = ActivationRanges.find(smoothed, range, format);
        double error = 0;
        for (int channel = 0; channel < factors.length; channel++) {
            Histogram histogram = histograms.get(channel);
            if (histogram.count() > 0) {
                // The error of X / s at a step is that of X at s times this step, over s squared.
                double step = (double) levels.scale() * factors[channel];
                AffineParameters wider =
                        new AffineParameters(
                                AffineParameters.bounded(step, format), levels.zeroPoint());
                error +=
                        ActivationRanges.expectedSquaredError(histogram, wider, format)
                                * energy[channel];
            }
        }
        return error;
    }

    private double ofWeights(float[] factors) {
        double[] doubles = new double[factors.length];
        for (int channel = 0; channel < factors.length; channel++) {
            doubles[channel] = factors[channel];
        }
        double[] squares = new double[factors.length];
        for (Layer layer : layers) {
            float[] scaled = layer.inputs.scaled(layer.weights, doubles);
            ChannelMap map = layer.inputs;
            float[] rounded =
                    PlannedRounding.nearest(
                            scaled,
                            new long[] {map.first(), map.second(), map.rest()},
                            layer.plan,
                            granularity(layer));
            for (int i = 0; i < scaled.length; i++) {
                rounded[i] -= scaled[i];
            }
            addSquares(layer, rounded, squares);
        }
        double error = 0;
        for (int channel = 0; channel < factors.length; channel++) {
            error += power[channel] * squares[channel] / (doubles[channel] * doubles[channel]);
        }
        return error;
    }

    private static Granularity granularity(Layer layer) {
        return layer.plan.grouping().equals(Grouping.TENSOR)
                ? new Granularity.PerTensor()
                : new Granularity.PerChannel(layer.outputs.axis());
    }

    private static void addSquares(Layer layer, float[] values, double[] sums) {
        ChannelMap map = layer.inputs;
        for (int i = 0, at = 0; i < map.first(); i++) {
            for (int j = 0; j < map.second(); j++) {
                int channel = map.channel(i, j);
                for (int k = 0; k < map.rest(); k++, at++) {
                    sums[channel] += (double) values[at] * values[at];
                }
            }
        }
    }

    /** Values are taken as spread evenly over their bins. */
    private static double meanSquare(Histogram histogram) {
        if (histogram.count() == 0) {
            return 0;
        }
        Pieces pieces = histogram.pieces();
        double sum = 0;
        for (int i = 0; i < pieces.size(); i++) {
            double low = pieces.lower(i);
            double high = pieces.upper(i);
            sum += pieces.count(i) * (low * low + low * high + high * high) / 3;
        }
        return sum / histogram.count();
    }
}
