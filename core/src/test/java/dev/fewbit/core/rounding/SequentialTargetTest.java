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

    private final float[] outputs = outputs();

    /** What the float network makes of its inputs. */
    private float[] outputs() {
        float[] made = new float[COUNT * ROWS];
        for (int s = 0; s < COUNT; s++) {
            for (int r = 0; r < ROWS; r++) {
                made[s * ROWS + r] = (float) dot(weights, r, floats, s);
            }
        }
        return made;
    }

    private OutputMoments moments(Workers workers) {
        OutputGram gram = new OutputGram(WIDTH, ROWS);
        gram.add(quantized, 0, outputs, 0, 500, workers);
        gram.add(quantized, 500 * WIDTH, outputs, 500 * ROWS, COUNT - 500, workers);
        return gram.moments();
    }

    @Test
    void theMomentsAreThoseOfTheRows() {
        OutputMoments moments = moments(ALONE);
        GramMatrix alone = new GramMatrix(WIDTH);
        alone.add(quantized, 0, COUNT, ALONE);
        assertThat(moments.inputs().values()).isEqualTo(alone.hessian().values());
        assertThat(moments.inputMean()).isEqualTo(alone.mean());
        for (int r = 0; r < ROWS; r++) {
            for (int c = 0; c < WIDTH; c++) {
                double sum = 0;
                double terms = 0;
                for (int s = 0; s < COUNT; s++) {
                    double product = (double) outputs[s * ROWS + r] * quantized[s * WIDTH + c];
                    sum += product;
                    terms += Math.abs(product);
                }
                assertThat(moments.cross(r, c))
                        .isCloseTo(sum / COUNT, within(257 * 0x1p-24 * terms / COUNT));
            }
        }
        OutputMoments parallel = moments(Workers.of(3));
        assertThat(parallel.inputs().values()).isEqualTo(moments.inputs().values());
        assertThat(parallel.cross(3, 5)).isEqualTo(moments.cross(3, 5));
        assertThat(parallel.outputMean()).isEqualTo(moments.outputMean());
    }

    /** The target is where the gradient of E|y - V x|^2 vanishes, so no step from it improves. */
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
            double excess = WeightedError.of(target, near, moments(ALONE).inputs(), ALONE);
            assertThat(outputError(near) - least).isCloseTo(excess, within(1e-3 * excess));
        }
    }

    @Test
    void roundingTowardsItBeatsRoundingTowardsTheWeights() {
        OutputMoments moments = moments(ALONE);
        AffineGrid grid = Problems.grid(weights, INT4, 35);
        WeightMatrix target = SequentialTarget.of(weights, moments, 0.01, ALONE);
        RoundedMatrix towardsTarget =
                Gptq.round(target, moments.inputs(), grid, GptqOptions.standard(), ALONE);
        RoundedMatrix towardsWeights =
                Gptq.round(weights, moments.inputs(), grid, GptqOptions.standard(), ALONE);
        assertThat(outputError(towardsTarget.toWeights()))
                .isLessThan(outputError(towardsWeights.toWeights()));
    }

    @Test
    void sameInputsLeaveTheWeights() {
        OutputGram gram = new OutputGram(WIDTH, ROWS);
        gram.add(floats, 0, outputs, 0, COUNT, ALONE);
        float[] target = SequentialTarget.of(weights, gram.moments(), 0.01, ALONE).toArray();
        float[] expected = weights.toArray();
        // Sums of 256 floats are off by some 2^-20 of their size, and no direction has less than a
        // hundredth of the mean curvature.
        for (int i = 0; i < target.length; i++) {
            assertThat(target[i]).isCloseTo(expected[i], within(100 * 0x1p-20f));
        }
    }

    @Test
    void theBiasTakesTheMeanAway() {
        OutputMoments moments = moments(ALONE);
        OutputMoments centered = moments.centered();
        WeightMatrix target = SequentialTarget.of(weights, centered, 0.001, ALONE);
        AffineGrid grid = Problems.grid(weights, INT4, 35);
        WeightMatrix rounded =
                Gptq.round(target, centered.inputs(), grid, GptqOptions.standard(), ALONE)
                        .toWeights();
        double[] bias = moments.bias(rounded);
        for (int r = 0; r < ROWS; r++) {
            double difference = 0;
            double magnitude = 0;
            for (int s = 0; s < COUNT; s++) {
                double one = dot(weights, r, floats, s);
                difference += one - dot(rounded, r, quantized, s) - bias[r];
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
        assertThatThrownBy(() -> new OutputGram(3, 1).moments())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(
                        () ->
                                OutputMoments.of(
                                        Hessian.identity(2),
                                        new double[3],
                                        new double[2],
                                        new double[1]))
                .hasMessageContaining("got 3 and 2");
        assertThatThrownBy(
                        () ->
                                SequentialTarget.of(
                                        Problems.weights(2, WIDTH, 1), moments(ALONE), 0, ALONE))
                .hasMessageContaining("2 rows do not make 12 outputs");
        OutputMoments singular =
                OutputMoments.of(
                        Hessian.of(new double[] {1, 1, 1, 1}, 2),
                        new double[2],
                        new double[2],
                        new double[1]);
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
