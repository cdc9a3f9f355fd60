package dev.fewbit.core.correct;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The noise that rounding of a chain of layers is expected to cause at its end, as a function of
 * what channels are multiplied by, and its gradient; see {@link ChannelBalancing}. Not thread-safe.
 */
final class ExpectedNoise {
    private final List<BalancedLayer> layers;
    private final List<BalancedChannels> between;
    private final List<double[]> sensitivities;
    private final double[] firstVariances;
    private final List<float[]> powers = new ArrayList<>();
    private List<double[]> logarithms = List.of();
    private List<double[]> gradients = List.of();

    /**
     * @param layers at least two layers
     * @param between the channels behind each layer but the last
     * @param firstVariance variance of what the first layer reads
     */
    ExpectedNoise(
            List<BalancedLayer> layers, List<BalancedChannels> between, double firstVariance) {
        this.layers = layers;
        this.between = between;
        this.sensitivities = ChannelBalancing.sensitivities(layers, between);
        this.firstVariances = new double[layers.getFirst().inputs()];
        Arrays.fill(firstVariances, firstVariance);
        layers.forEach(layer -> powers.add(powers(layer)));
    }

    /** Magnitudes relative to the layer's largest, to the power of 16. */
    private static float[] powers(BalancedLayer layer) {
        double largest = largestWeight(layer);
        float[] powers = new float[layer.largest().length];
        for (int e = 0; e < powers.length && largest > 0; e++) {
            powers[e] = (float) sixteenth(layer.largest()[e] / largest);
        }
        return powers;
    }

    private static double sixteenth(double value) {
        double second = value * value;
        double fourth = second * second;
        double eighth = fourth * fourth;
        return eighth * eighth;
    }

    /**
     * The noise.
     *
     * @param logarithms logarithms of what the channels behind each layer are multiplied by
     * @param gradients receives the derivatives by them
     */
    double of(List<double[]> logarithms, List<double[]> gradients) {
        this.logarithms = logarithms;
        this.gradients = gradients;
        gradients.forEach(gradient -> Arrays.fill(gradient, 0));
        double noise = 0;
        for (int l = 0; l < layers.size(); l++) {
            if (layers.get(l).rounding() != BalancedLayer.Rounding.NONE) {
                noise += weightNoise(l);
            }
        }
        for (int k = 0; k < between.size(); k++) {
            if (between.get(k).levels() > 0) {
                noise += activationNoise(k);
            }
        }
        return noise;
    }

    private double weightNoise(int l) {
        BalancedLayer layer = layers.get(l);
        boolean perChannel = layer.rounding() == BalancedLayer.Rounding.CHANNEL;
        double[] inputFactors = exponentials(l - 1, layer.inputs());
        double[] outputFactors = exponentials(l, layer.outputs());
        double[] read = new double[layer.inputs()];
        double[] divided = new double[layer.inputs()];
        for (int i = 0; i < read.length; i++) {
            double variance = l == 0 ? firstVariances[i] : between.get(l - 1).variances()[i];
            read[i] = layer.weights() * variance * inputFactors[i] * inputFactors[i];
            divided[i] = sixteenth(1 / inputFactors[i]);
        }
        double[] weighs = new double[layer.outputs()];
        double[] multiplied = new double[layer.outputs()];
        for (int o = 0; o < weighs.length; o++) {
            double sensitivity =
                    l == between.size() ? 1 : sensitivities.get(l)[o] * between.get(l).passing()[o];
            weighs[o] = sensitivity / (outputFactors[o] * outputFactors[o]);
            multiplied[o] = sixteenth(outputFactors[o]);
        }
        int groups = perChannel ? layer.outputs() : 1;
        double[] largest = new double[groups];
        double[] costs = new double[groups];
        float[] powers = this.powers.get(l);
        for (int e = 0; e < powers.length; e++) {
            int group = perChannel ? layer.output()[e] : 0;
            int o = layer.output()[e];
            int i = layer.input()[e];
            largest[group] += powers[e] * multiplied[o] * divided[i];
            costs[group] += weighs[o] * read[i];
        }
        double unit = largestWeight(layer) / layer.levels();
        double total = 0;
        double[] steps = new double[groups];
        for (int g = 0; g < groups; g++) {
            // The norm is the 16th root; squared, the eighth.
            steps[g] = unit * unit / 12 * Math.sqrt(Math.sqrt(Math.sqrt(largest[g])));
            total += steps[g] * costs[g];
        }
        double[] into = l == 0 ? null : gradients.get(l - 1);
        double[] from = l == between.size() ? null : gradients.get(l);
        for (int e = 0; e < powers.length; e++) {
            int group = perChannel ? layer.output()[e] : 0;
            int o = layer.output()[e];
            int i = layer.input()[e];
            double share =
                    largest[group] > 0
                            ? powers[e] * multiplied[o] * divided[i] / largest[group]
                            : 0;
            double change = 2 * steps[group] * (costs[group] * share - weighs[o] * read[i]);
            if (from != null) {
                from[o] += change;
            }
            if (into != null) {
                into[i] -= change;
            }
        }
        return total;
    }

    private static double largestWeight(BalancedLayer layer) {
        float largest = 0;
        for (float each : layer.largest()) {
            largest = Math.max(largest, each);
        }
        return largest;
    }

    private double activationNoise(int k) {
        BalancedChannels channels = between.get(k);
        double[] factors = exponentials(k, channels.count());
        double reach = 0;
        for (double each : channels.largest()) {
            reach = Math.max(reach, each);
        }
        if (reach == 0) {
            return 0;
        }
        double norm = 0;
        double weighs = 0;
        for (int c = 0; c < factors.length; c++) {
            norm += sixteenth(channels.largest()[c] / reach * factors[c]);
            weighs += sensitivities.get(k)[c] / (factors[c] * factors[c]);
        }
        double unit = reach / channels.levels();
        double step = unit * unit / 12 * Math.sqrt(Math.sqrt(Math.sqrt(norm)));
        double[] gradient = gradients.get(k);
        for (int c = 0; c < factors.length; c++) {
            double share = sixteenth(channels.largest()[c] / reach * factors[c]) / norm;
            double own = sensitivities.get(k)[c] / (factors[c] * factors[c]);
            gradient[c] += 2 * step * (weighs * share - own);
        }
        return step * weighs;
    }

    /** What the channels behind a layer are multiplied by; 1 at the ends of the chain. */
    private double[] exponentials(int k, int count) {
        double[] factors = new double[count];
        if (k < 0 || k == between.size()) {
            Arrays.fill(factors, 1);
            return factors;
        }
        for (int c = 0; c < count; c++) {
            factors[c] = StrictMath.exp(logarithms.get(k)[c]);
        }
        return factors;
    }
}
