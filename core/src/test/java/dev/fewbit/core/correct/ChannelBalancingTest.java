package dev.fewbit.core.correct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.correct.BalancedLayer.Rounding;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

class ChannelBalancingTest {
    private static final int CHANNELS = 8;

    /** Every input channel is connected with every output channel by one weight. */
    private static BalancedLayer dense(float[][] weights, Rounding rounding) {
        int inputs = weights.length;
        int outputs = weights[0].length;
        int[] input = new int[inputs * outputs];
        int[] output = new int[inputs * outputs];
        float[] largest = new float[inputs * outputs];
        double[] squares = new double[inputs * outputs];
        for (int e = 0; e < input.length; e++) {
            input[e] = e / outputs;
            output[e] = e % outputs;
            largest[e] = Math.abs(weights[input[e]][output[e]]);
            squares[e] = (double) largest[e] * largest[e];
        }
        return new BalancedLayer(
                inputs, outputs, input, output, largest, squares, 1, rounding, 127);
    }

    /** Weights 1, output channels of the first and inputs of the second times these factors. */
    private static List<BalancedLayer> layers(double[] factors, Rounding rounding) {
        float[][] first = new float[3][CHANNELS];
        float[][] second = new float[CHANNELS][3];
        for (int c = 0; c < CHANNELS; c++) {
            for (int i = 0; i < 3; i++) {
                first[i][c] = (float) factors[c];
                second[c][i] = (float) (1 / factors[c]);
            }
        }
        return List.of(dense(first, rounding), dense(second, rounding));
    }

    private static BalancedChannels channels(double[] factors, double least, double most) {
        double[] variances = Arrays.stream(factors).map(factor -> factor * factor).toArray();
        return new BalancedChannels(
                factors.clone(), variances, filled(1), filled(least), filled(most), 1, 255);
    }

    private static double[] filled(double value) {
        double[] values = new double[CHANNELS];
        Arrays.fill(values, value);
        return values;
    }

    private static double[] uneven() {
        double[] factors = new double[CHANNELS];
        for (int c = 0; c < CHANNELS; c++) {
            factors[c] = Math.pow(10, c / 3.0 - 1);
        }
        return factors;
    }

    private static ChannelBalancing.Result balance(double[] factors, double least, double most) {
        return ChannelBalancing.balance(
                layers(factors, Rounding.TENSOR), List.of(channels(factors, least, most)), 1);
    }

    @Test
    void evenChannelsStay() {
        ChannelBalancing.Result result = balance(filled(1), 1e-9, 1e9);
        for (float multiplier : result.multipliers().getFirst()) {
            assertThat(multiplier).isCloseTo(1, within(1e-3f));
        }
        assertThat(result.after()).isCloseTo(result.before(), within(1e-3 * result.before()));
    }

    /** Undoing what made channels uneven is best, and the problem is convex. */
    @Test
    void unevenChannelsBecomeEven() {
        double[] factors = uneven();
        ChannelBalancing.Result result = balance(factors, 1e-9, 1e9);
        double even = balance(filled(1), 1, 1).before();
        assertThat(result.before()).isGreaterThan(10 * even);
        assertThat(result.after()).isCloseTo(even, within(0.02 * even));
        float[] multipliers = result.multipliers().getFirst();
        double common = multipliers[0] * factors[0];
        for (int c = 0; c < CHANNELS; c++) {
            assertThat(multipliers[c] * factors[c]).isCloseTo(common, within(0.1 * common));
        }
    }

    @Test
    void factorsKeepTheirLimits() {
        ChannelBalancing.Result result = balance(uneven(), 0.5, 3);
        assertThat(result.after()).isLessThan(result.before());
        float[] multipliers = result.multipliers().getFirst();
        for (float multiplier : multipliers) {
            // Up to what logarithm and exponential round.
            assertThat(multiplier).isBetween(0.5f - 1e-6f, 3f + 1e-6f);
        }
        for (float multiplier : balance(uneven(), 1, 1).multipliers().getFirst()) {
            assertThat(multiplier).isEqualTo(1);
        }
    }

    /** Scales for each output channel of the first layer: only what is read has to be even. */
    @Test
    void channelsWithScalesOfTheirOwnNeedNoHelp() {
        double[] factors = uneven();
        BalancedLayer first = layers(factors, Rounding.CHANNEL).getFirst();
        BalancedLayer second = layers(filled(1), Rounding.NONE).getLast();
        BalancedChannels floats =
                new BalancedChannels(
                        filled(1), filled(1), filled(1), filled(1e-9), filled(1e9), 1, 0);
        ChannelBalancing.Result result =
                ChannelBalancing.balance(List.of(first, second), List.of(floats), 1);
        assertThat(result.after()).isCloseTo(result.before(), within(1e-3 * result.before()));
    }

    @Test
    void nothingHappensWhereNothingIsRounded() {
        BalancedChannels floats =
                new BalancedChannels(
                        filled(1), filled(1), filled(1), filled(1e-9), filled(1e9), 1, 0);
        ChannelBalancing.Result result =
                ChannelBalancing.balance(layers(uneven(), Rounding.NONE), List.of(floats), 1);
        assertThat(result.before()).isZero();
        assertThat(result.multipliers().getFirst()).containsOnly(1f);
    }

    @Test
    void sensitivitiesGoBackwardsThroughWeightsAndActivations() {
        BalancedLayer first = dense(new float[][] {{2, 0.5f}}, Rounding.TENSOR);
        BalancedLayer middle = dense(new float[][] {{1, 2}, {3, 4}}, Rounding.TENSOR);
        BalancedLayer last = dense(new float[][] {{5}, {6}}, Rounding.TENSOR);
        double[] ones = {1, 1};
        BalancedChannels half =
                new BalancedChannels(ones, ones, new double[] {0.5, 0.25}, ones, ones, 0.1, 255);
        List<double[]> sensitivities =
                ChannelBalancing.sensitivities(List.of(first, middle, last), List.of(half, half));
        assertThat(sensitivities.get(1)).containsExactly(25 * 0.1, 36 * 0.1);
        double left = 25 * 0.1 * 0.5;
        double right = 36 * 0.1 * 0.25;
        assertThat(sensitivities.get(0)[0]).isCloseTo((left + 4 * right) * 0.1, within(1e-12));
        assertThat(sensitivities.get(0)[1]).isCloseTo((9 * left + 16 * right) * 0.1, within(1e-12));
    }

    @Test
    void whatIsNoChainIsRefused() {
        List<BalancedLayer> layers = layers(filled(1), Rounding.TENSOR);
        assertThatThrownBy(() -> ChannelBalancing.balance(layers.subList(0, 1), List.of(), 1))
                .hasMessageContaining("at least two layers");
        double[] three = {1, 1, 1};
        BalancedChannels other = new BalancedChannels(three, three, three, three, three, 1, 255);
        assertThatThrownBy(() -> ChannelBalancing.balance(layers, List.of(other), 1))
                .hasMessageContaining("makes 8 channels, 3 were measured");
        assertThatThrownBy(() -> channels(filled(1), 2, 1)).hasMessageContaining("no range");
    }
}
