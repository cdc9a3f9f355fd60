package dev.fewbit.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Random;

class MeanMatchingTest {
    private static final MeanMatching LINEAR =
            new MeanMatching(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    private static final MeanMatching CLIP = new MeanMatching(0, 6);

    private static float[] normal(int count, double mean, double deviation) {
        Random random = new Random(3);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (mean + deviation * random.nextGaussian());
        }
        return values;
    }

    private static float[] plus(float[] values, double shift) {
        float[] shifted = values.clone();
        for (int i = 0; i < shifted.length; i++) {
            shifted[i] += (float) shift;
        }
        return shifted;
    }

    @Test
    void withoutBoundsItIsTheDifferenceOfTheMeans() {
        assertThat(LINEAR.shift(new float[] {1, 3}, new float[] {0, 1})).isEqualTo(1.5);
    }

    @Test
    void valuesThatWereMovedAreMovedBack() {
        float[] expected = normal(1000, 1, 4);
        for (double moved : new double[] {-2, -0.01, 0.3, 5}) {
            // Steps end when they are a millionth of what might be needed: the range, here.
            assertThat(CLIP.shift(expected, plus(expected, moved))).isCloseTo(-moved, within(1e-4));
        }
    }

    @Test
    void onlyWhatTheFunctionLetsPassCounts() {
        float[] expected = {-5, 2, 9};
        // The means differ by 100, and behind the function by nothing.
        float[] actual = {-300, 2, 9};
        assertThat(CLIP.shift(expected, actual)).isZero();
        assertThat(CLIP.squaredError(expected, actual, 0)).isZero();
        assertThat(LINEAR.shift(expected, actual)).isGreaterThan(90);
    }

    @Test
    void aSilentChannelIsSilencedByTheLeastShift() {
        float[] silent = {-1, -2, -3};
        assertThat(CLIP.shift(silent, new float[] {-7, -8, -9})).isZero();
        assertThat(CLIP.shift(silent, new float[] {2, -8, -9})).isCloseTo(-2, within(1e-3));
    }

    @Test
    void theMeanIsRightAfterwards() {
        float[] expected = normal(500, -1, 3);
        float[] actual = normal(500, 2, 1);
        double shift = CLIP.shift(expected, actual);
        assertThat(mean(plus(actual, shift))).isCloseTo(mean(expected), within(1e-4));
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += Math.clamp(value, 0, 6);
        }
        return sum / values.length;
    }

    @Test
    void valuesThatAreNotFiniteGiveNoNumber() {
        assertThat(CLIP.shift(new float[] {1, 2}, new float[] {Float.NaN, 1})).isNaN();
    }
}
