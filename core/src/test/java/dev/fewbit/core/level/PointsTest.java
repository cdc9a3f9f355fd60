package dev.fewbit.core.level;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Random;

class PointsTest {

    @Test
    void sumsOfRunsAreThoseOfTheirValues() {
        Random random = new Random(3);
        float[] values = new float[120];
        float[] importance = new float[120];
        for (int i = 0; i < values.length; i++) {
            values[i] = 5 + (float) random.nextGaussian();
            importance[i] = random.nextFloat() + 0.1f;
        }
        Points points = Points.of(values, importance, 1, 40, 2);
        assertThat(points.size()).isEqualTo(40);
        for (int round = 0; round < 50; round++) {
            int from = random.nextInt(40);
            int to = from + random.nextInt(41 - from);
            double low = points.position(from);
            double high = to == 0 ? 0 : points.position(Math.max(from, to - 1));
            double[] sums = new double[4];
            for (int i = 1; i < 81; i += 2) {
                if (to > from && values[i] >= low && values[i] <= high) {
                    sums[0] += importance[i];
                    sums[1] += (double) importance[i] * values[i];
                    sums[2] += importance[i] * Math.pow(values[i] - 4.5, 2);
                    sums[3] += importance[i] * Math.pow(values[i], 2);
                }
            }
            assertThat(points.weight(from, to)).isCloseTo(sums[0], within(1e-12));
            assertThat(points.sum(from, to)).isCloseTo(sums[1], within(1e-11));
            assertThat(points.error(from, to, 4.5)).isCloseTo(sums[2], within(1e-11));
            if (to > from) {
                double mean = sums[1] / sums[0];
                assertThat(points.mean(from, to)).isCloseTo(mean, within(1e-12));
                assertThat(points.spread(from, to))
                        .isCloseTo(sums[3] - mean * sums[1], within(1e-10));
            }
        }
        assertThat(points.spread(3, 3)).isZero();
    }

    @Test
    void thresholdsAreFound() {
        Points points = Points.of(new float[] {1, 2, 2, 3}, null, 0, 4, 1);
        assertThat(points.firstAbove(0, 0)).isZero();
        assertThat(points.firstAbove(1, 0)).isEqualTo(1);
        assertThat(points.firstAbove(2, 1)).isEqualTo(3);
        assertThat(points.firstAbove(9, 3)).isEqualTo(4);
        assertThat(points.firstAbove(9, 4)).isEqualTo(4);
    }

    @Test
    void weightsOfZeroForAllCountAsEqual() {
        float[] values = {1, 3};
        Points points = Points.of(values, new float[2], 0, 2, 1);
        assertThat(points.weight(0, 2)).isEqualTo(2);
        assertThat(Points.of(values, new float[] {0, 5}, 0, 2, 1).size()).isEqualTo(1);
    }

    @Test
    void intervalsHaveTheMomentsOfEvenlySpreadValues() {
        double[] lower = {-1, 0, 2};
        double[] upper = {0, 0, 5};
        double[] counts = {4, 2, 6};
        for (int most : new int[] {1, 10, 1000}) {
            Points points = Points.ofIntervals(lower, upper, counts, most);
            int size = points.size();
            assertThat(size).isBetween(3, Math.max(3, most));
            assertThat(points.weight(0, size)).isCloseTo(12, within(1e-12));
            assertThat(points.sum(0, size)).isCloseTo(-2 + 0 + 21, within(1e-12));
            // The mean of x^2 on [a, b] is (a^2 + a b + b^2) / 3.
            assertThat(points.energy()).isCloseTo(4 / 3.0 + 6 * (4 + 10 + 25) / 3.0, within(1e-12));
        }
    }
}
