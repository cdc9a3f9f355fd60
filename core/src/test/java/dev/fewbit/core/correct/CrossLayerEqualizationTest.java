package dev.fewbit.core.correct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

class CrossLayerEqualizationTest {

    @Test
    void bothRangesBecomeTheirGeometricMean() {
        float[] produced = {4, 0.01f, 1, 100};
        float[] consumed = {1, 1, 9, 0.01f};
        float[] factors = CrossLayerEqualization.factors(produced, consumed);
        assertThat(factors).containsExactly(2, 0.1f, 1 / 3f, 100);
        for (int i = 0; i < factors.length; i++) {
            assertThat(produced[i] / factors[i])
                    .isCloseTo(consumed[i] * factors[i], within(1e-5f * produced[i]));
        }
    }

    @Test
    void deadChannelsStayAndFactorsAreLimited() {
        float[] factors =
                CrossLayerEqualization.factors(
                        new float[] {0, 5, 0, 1e30f}, new float[] {5, 0, 0, 1e-30f});
        assertThat(factors).containsExactly(1, 1, 1, (float) CrossLayerEqualization.LARGEST_FACTOR);
    }

    /** A pointwise, a depthwise and a pointwise layer, and a grouped one. */
    @Test
    void aChainSettlesWhereAllNeighboursAgree() {
        Random random = new Random(4);
        List<WeightMagnitudes> chain =
                List.of(
                        layer(random, 12, 5, 1),
                        layer(random, 12, 1, 12),
                        layer(random, 8, 12, 1),
                        layer(random, 6, 4, 2),
                        layer(random, 3, 6, 1));
        List<float[]> factors = CrossLayerEqualization.factors(chain);
        assertThat(factors).hasSize(4);
        for (int k = 0; k < factors.size(); k++) {
            double[] before = k == 0 ? ones(5) : doubles(factors.get(k - 1));
            double[] after = k == 3 ? ones(3) : doubles(factors.get(k + 1));
            double[] own = doubles(factors.get(k));
            double[] produced = chain.get(k).ofOutputs(before);
            double[] consumed = chain.get(k + 1).ofInputs(after);
            for (int i = 0; i < own.length; i++) {
                // Settled to 1e-4 in each factor, which moves both sides.
                assertThat(produced[i] / own[i])
                        .isCloseTo(consumed[i] * own[i], within(1e-3 * produced[i] / own[i]));
            }
        }
    }

    private static WeightMagnitudes layer(
            Random random, int outputs, int inputsOfGroup, int groups) {
        float[] magnitudes = new float[outputs * inputsOfGroup];
        for (int i = 0; i < magnitudes.length; i++) {
            magnitudes[i] = (float) Math.exp(2 * random.nextGaussian());
        }
        return new WeightMagnitudes(magnitudes, outputs, inputsOfGroup, groups);
    }

    private static double[] ones(int length) {
        double[] ones = new double[length];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    @Test
    void aChainOfTwoIsOneConnection() {
        WeightMagnitudes first = new WeightMagnitudes(new float[] {4, 1, 2, 0}, 2, 2, 1);
        WeightMagnitudes second = new WeightMagnitudes(new float[] {1, 8}, 1, 2, 1);
        assertThat(CrossLayerEqualization.factors(List.of(first, second)).getFirst())
                .containsExactly(2, 0.5f);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        WeightMagnitudes layer = new WeightMagnitudes(new float[6], 2, 3, 1);
        assertThatThrownBy(() -> CrossLayerEqualization.factors(List.of(layer)))
                .hasMessageContaining("at least two layers");
        assertThatThrownBy(() -> CrossLayerEqualization.factors(List.of(layer, layer)))
                .hasMessageContaining("3 inputs, but the one before it 2 outputs");
        assertThatThrownBy(() -> CrossLayerEqualization.factors(new float[1], new float[2]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WeightMagnitudes(new float[] {-1}, 1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WeightMagnitudes(new float[5], 2, 3, 1))
                .hasMessageContaining("6 magnitudes, got 5");
        assertThatThrownBy(() -> new WeightMagnitudes(new float[9], 3, 3, 2))
                .hasMessageContaining("divide");
    }
}
