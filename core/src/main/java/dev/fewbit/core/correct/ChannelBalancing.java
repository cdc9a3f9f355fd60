package dev.fewbit.core.correct;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cross-layer equalization by what rounding costs, and not by the weights alone.
 *
 * <p>Channel c between two layers is multiplied by a_c: its weights in front of the activation
 * function are, those behind it are divided. With Nagel et al. (<a
 * href="https://arxiv.org/abs/1906.04721">2019</a>) a makes the ranges of both weights equal. Here
 * it makes the noise least that rounding of all layers of the chain and of the activations between
 * them is expected to cause at the chain's end:
 *
 * <pre>
 * sum over layers l       step_l^2 / 12  sum over connections i to o   S_o / a_o^2  k V_i a_i^2
 * sum over activations    step_x^2 / 12  sum over channels c           S_c / a_c^2
 * </pre>
 *
 * <p>with step_l the largest scaled weight over the levels, step_x the same of the activations, V
 * the variance of a channel (its mean is the business of bias correction), k weights of a
 * connection, and S what noise weighs: 1 at the chain's end, going backwards {@code S_i = sum w^2
 * S_o} through a layer, and times the share of values that pass through an activation function. It
 * is a sum of products of powers and of largest values of such, so its logarithm is convex in the
 * logarithms of a: a geometric program, with one minimum. The largest value is taken as a norm of
 * order 16, and the minimum found by gradient descent with momentum (Adam), projected on what the
 * factors may be. Cost: a few operations for each connection and step. The same at any number of
 * threads: there is one.
 */
public final class ChannelBalancing {
    private static final int MOST_STEPS = 600;
    private static final int FEWEST_STEPS = 60;

    /** Connections visited by all steps together, at most: some seconds. */
    private static final double MOST_VISITS = 2e9;

    private static final double FIRST_STEP = 0.05;
    private static final double MOMENTUM = 0.9;
    private static final double SQUARES = 0.99;
    private static final double TINY = 1e-8;

    /** Factors are kept between this and its inverse. */
    private static final double LARGEST_FACTOR = 1 << 14;

    private final List<BalancedLayer> layers;
    private final List<BalancedChannels> between;
    private final ExpectedNoise expected;
    private final List<double[]> logarithms = new ArrayList<>();
    private final List<double[]> gradients = new ArrayList<>();

    private ChannelBalancing(
            List<BalancedLayer> layers, List<BalancedChannels> between, double firstVariance) {
        this.layers = layers;
        this.between = between;
        this.expected = new ExpectedNoise(layers, between, firstVariance);
        for (BalancedChannels channels : between) {
            logarithms.add(new double[channels.count()]);
            gradients.add(new double[channels.count()]);
        }
    }

    /**
     * What came of it.
     *
     * @param multipliers what the channels of each connection are multiplied by
     * @param before expected noise without
     * @param after expected noise with them
     */
    public record Result(List<float[]> multipliers, double before, double after) {

        /** Copies the list. */
        public Result {
            multipliers = List.copyOf(multipliers);
        }
    }

    /**
     * Balances a chain.
     *
     * @param layers at least two layers
     * @param between the channels behind each layer but the last
     * @param firstVariance variance of what the first layer reads
     */
    public static Result balance(
            List<BalancedLayer> layers, List<BalancedChannels> between, double firstVariance) {
        requireChain(layers, between);
        ChannelBalancing balancing = new ChannelBalancing(layers, between, firstVariance);
        double before = balancing.noise();
        if (!(before > 0)) {
            return new Result(balancing.multipliers(), before, before);
        }
        balancing.descend();
        return new Result(balancing.multipliers(), before, balancing.noise());
    }

    /**
     * What noise in each channel behind the activation functions of a chain weighs at its end.
     *
     * @return one array for each element of {@code between}
     */
    public static List<double[]> sensitivities(
            List<BalancedLayer> layers, List<BalancedChannels> between) {
        requireChain(layers, between);
        double[][] result = new double[between.size()][];
        double[] outputs = new double[layers.getLast().outputs()];
        Arrays.fill(outputs, 1);
        for (int k = between.size() - 1; k >= 0; k--) {
            BalancedChannels channels = between.get(k);
            double[] inputs = layers.get(k + 1).backwards(outputs);
            outputs = new double[inputs.length];
            for (int c = 0; c < inputs.length; c++) {
                inputs[c] *= channels.averaged();
                outputs[c] = inputs[c] * channels.passing()[c];
            }
            result[k] = inputs;
        }
        return List.of(result);
    }

    private static void requireChain(List<BalancedLayer> layers, List<BalancedChannels> between) {
        if (layers.size() < 2 || between.size() != layers.size() - 1) {
            throw new IllegalArgumentException(
                    "a chain has at least two layers and channels between each two, got %d and %d"
                            .formatted(layers.size(), between.size()));
        }
        for (int k = 0; k < between.size(); k++) {
            int count = between.get(k).count();
            if (layers.get(k).outputs() != count || layers.get(k + 1).inputs() != count) {
                throw new IllegalArgumentException(
                        "layer %d makes %d channels, %d were measured, and layer %d reads %d"
                                .formatted(
                                        k,
                                        layers.get(k).outputs(),
                                        count,
                                        k + 1,
                                        layers.get(k + 1).inputs()));
            }
        }
    }

    private double noise() {
        return expected.of(logarithms, gradients);
    }

    private List<float[]> multipliers() {
        List<float[]> multipliers = new ArrayList<>();
        for (double[] each : logarithms) {
            float[] factors = new float[each.length];
            for (int c = 0; c < factors.length; c++) {
                factors[c] = (float) StrictMath.exp(each[c]);
            }
            multipliers.add(factors);
        }
        return multipliers;
    }

    private void descend() {
        double visits = layers.stream().mapToDouble(layer -> layer.input().length).sum();
        int steps = (int) Math.clamp(MOST_VISITS / visits, FEWEST_STEPS, MOST_STEPS);
        List<double[]> means = zeros();
        List<double[]> squares = zeros();
        double meanWeight = 1;
        double squareWeight = 1;
        for (int step = 0; step < steps; step++) {
            double noise = noise();
            meanWeight *= MOMENTUM;
            squareWeight *= SQUARES;
            double length = FIRST_STEP * (1 - step / (double) steps);
            for (int k = 0; k < between.size(); k++) {
                BalancedChannels channels = between.get(k);
                double[] gradient = gradients.get(k);
                double[] mean = means.get(k);
                double[] square = squares.get(k);
                for (int c = 0; c < gradient.length; c++) {
                    double slope = gradient[c] / noise;
                    mean[c] = MOMENTUM * mean[c] + (1 - MOMENTUM) * slope;
                    square[c] = SQUARES * square[c] + (1 - SQUARES) * slope * slope;
                    double direction =
                            mean[c]
                                    / (1 - meanWeight)
                                    / (Math.sqrt(square[c] / (1 - squareWeight)) + TINY);
                    logarithms.get(k)[c] =
                            limited(logarithms.get(k)[c] - length * direction, channels, c);
                }
            }
        }
    }

    private static double limited(double logarithm, BalancedChannels channels, int channel) {
        double least = Math.max(channels.least()[channel], 1 / LARGEST_FACTOR);
        double most = Math.min(channels.most()[channel], LARGEST_FACTOR);
        return least >= most
                ? StrictMath.log(Math.clamp(1, channels.least()[channel], channels.most()[channel]))
                : Math.clamp(logarithm, StrictMath.log(least), StrictMath.log(most));
    }

    private List<double[]> zeros() {
        return between.stream().map(channels -> new double[channels.count()]).toList();
    }
}
