package dev.fewbit.core.rounding;

import static dev.fewbit.core.rounding.Problems.ALONE;
import static dev.fewbit.core.rounding.Problems.INT4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Random;

class SequentialTargetTest {

    private static final int ROWS = 12;
    private static final int WIDTH = 70;
    private static final int COUNT = 900;

    private final WeightMatrix weights = Problems.weights(ROWS, WIDTH, 1);
    private final float[] floats = Problems.inputs(COUNT, WIDTH, 2);
    private final float[] quantized = disturbed(floats, 3);

    /** What earlier layers do to inputs: noise, and a systematic loss and shift. */
    private static float[] disturbed(float[] values, long seed) {
        Random random = new Random(seed);
        float[] disturbed = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            disturbed[i] = (float) (0.9 * values[i] + 0.05 + 0.2 * random.nextGaussian());
        }
        return disturbed;
    }

    private PairedMoments moments(Workers workers) {
        PairedGram gram = new PairedGram(WIDTH);
        gram.add(floats, 0, quantized, 0, 500, workers);
        gram.add(floats, 500 * WIDTH, quantized, 500 * WIDTH, COUNT - 500, workers);
        return gram.moments();
    }

    @Test
    void theMomentsAreThoseOfThePairs() {
        PairedMoments moments = moments(ALONE);
        GramMatrix alone = new GramMatrix(WIDTH);
        alone.add(quantized, 0, COUNT, ALONE);
        assertThat(moments.quantized().values()).isEqualTo(alone.hessian().values());
        assertThat(moments.quantizedMean()).isEqualTo(alone.mean());
        Random random = new Random(4);
        for (int trial = 0; trial < 50; trial++) {
            int i = random.nextInt(WIDTH);
            int j = random.nextInt(WIDTH);
            double sum = 0;
            double terms = 0;
            for (int s = 0; s < COUNT; s++) {
                double product = (double) floats[s * WIDTH + i] * quantized[s * WIDTH + j];
                sum += product;
                terms += Math.abs(product);
            }
            assertThat(moments.cross(i, j))
                    .isCloseTo(sum / COUNT, within(257 * 0x1p-24 * terms / COUNT));
        }
        assertThat(moments(Workers.of(3)).crossValues()).isEqualTo(moments.crossValues());
    }

    /**
     * The target is where the gradient of E|W x - V x'|^2 vanishes, so no step from it improves.
     */
    @Test
    void nothingComesCloserToTheFloatOutputs() {
        WeightMatrix target = SequentialTarget.of(weights, moments(ALONE), 0, Workers.of(2));
        double least = outputError(target);
        assertThat(least).isLessThan(0.9 * outputError(weights));
        Random random = new Random(5);
        for (int trial = 0; trial < 20; trial++) {
            float[] values = target.toArray();
            for (int i = 0; i < values.length; i++) {
                values[i] += (float) (1e-3 * random.nextGaussian());
            }
            WeightMatrix near = new WeightMatrix(values, ROWS, WIDTH);
            assertThat(outputError(near)).isGreaterThan(least);
            // And the excess is what the moments of the quantized inputs say.
            double excess = WeightedError.of(target, near, moments(ALONE).quantized(), ALONE);
            assertThat(outputError(near) - least).isCloseTo(excess, within(1e-3 * excess));
        }
    }

    @Test
    void roundingTowardsItBeatsRoundingTowardsTheWeights() {
        PairedMoments moments = moments(ALONE);
        AffineGrid grid = Problems.grid(weights, INT4, 35);
        WeightMatrix target = SequentialTarget.of(weights, moments, 0.01, ALONE);
        RoundedMatrix towardsTarget =
                Gptq.round(target, moments.quantized(), grid, GptqOptions.standard(), ALONE);
        RoundedMatrix towardsWeights =
                Gptq.round(weights, moments.quantized(), grid, GptqOptions.standard(), ALONE);
        assertThat(outputError(towardsTarget.toWeights()))
                .isLessThan(outputError(towardsWeights.toWeights()));
    }

    @Test
    void sameInputsLeaveTheWeights() {
        PairedGram gram = new PairedGram(WIDTH);
        gram.add(floats, 0, floats, 0, COUNT, ALONE);
        PairedMoments moments = gram.moments();
        // The cross moments add the same products, but the lower half of H is mirrored.
        float[] target = SequentialTarget.of(weights, moments, 0.01, ALONE).toArray();
        float[] expected = weights.toArray();
        for (int i = 0; i < target.length; i++) {
            assertThat(target[i]).isCloseTo(expected[i], within(1e-5f));
        }
    }

    @Test
    void theBiasTakesTheMeanAway() {
        PairedMoments moments = moments(ALONE);
        PairedMoments centered = moments.centered();
        WeightMatrix target = SequentialTarget.of(weights, centered, 0.001, ALONE);
        AffineGrid grid = Problems.grid(weights, INT4, 35);
        WeightMatrix rounded =
                Gptq.round(target, centered.quantized(), grid, GptqOptions.standard(), ALONE)
                        .toWeights();
        double[] shift =
                SequentialTarget.biasShift(
                        weights, rounded, moments.floatMean(), moments.quantizedMean());
        for (int r = 0; r < ROWS; r++) {
            double difference = 0;
            double magnitude = 0;
            for (int s = 0; s < COUNT; s++) {
                double one = dot(weights, r, floats, s);
                difference += one - dot(rounded, r, quantized, s) - shift[r];
                magnitude += Math.abs(one);
            }
            assertThat(difference).isCloseTo(0, within(1e-5 * magnitude));
        }
    }

    @Test
    void inputsThatAreAlwaysZeroKeepTheirWeights() {
        for (int s = 0; s < COUNT; s++) {
            quantized[s * WIDTH + 7] = 0;
        }
        float[] target = SequentialTarget.of(weights, moments(ALONE), 0.01, ALONE).toArray();
        for (int r = 0; r < ROWS; r++) {
            assertThat(target[r * WIDTH + 7]).isEqualTo(weights.get(r, 7));
        }
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        assertThatThrownBy(() -> new PairedGram(3).moments())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(
                        () ->
                                PairedMoments.of(
                                        Hessian.identity(2),
                                        new double[3],
                                        new double[2],
                                        new double[2]))
                .hasMessageContaining("got 3, 2 and 2");
        PairedMoments singular =
                PairedMoments.of(
                        Hessian.of(new double[] {1, 1, 1, 1}, 2),
                        new double[4],
                        new double[2],
                        new double[2]);
        assertThatThrownBy(() -> SequentialTarget.of(Problems.weights(1, 2, 1), singular, 0, ALONE))
                .hasMessageContaining("singular");
    }

    private double outputError(WeightMatrix others) {
        double error = 0;
        for (int s = 0; s < COUNT; s++) {
            for (int r = 0; r < ROWS; r++) {
                double difference = dot(weights, r, floats, s) - dot(others, r, quantized, s);
                error += difference * difference / COUNT;
            }
        }
        return error;
    }

    private static double dot(WeightMatrix matrix, int row, float[] inputs, int sample) {
        double sum = 0;
        for (int c = 0; c < WIDTH; c++) {
            sum += (double) matrix.get(row, c) * inputs[sample * WIDTH + c];
        }
        return sum;
    }
}
