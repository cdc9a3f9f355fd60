package dev.fewbit.core.level;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;

class OptimalClustersTest {

    private static float[] gaussian(int count, Random random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] weights(int count, Random random) {
        float[] weights = new float[count];
        for (int i = 0; i < count; i++) {
            weights[i] = random.nextInt(4) == 0 ? 0 : random.nextFloat();
        }
        return weights;
    }

    /** Least error over all ways to put sorted values from one on into clusters. */
    private static double bruteForce(float[] sorted, double[] weights, int from, int clusters) {
        if (from == sorted.length) {
            return 0;
        }
        if (clusters == 0) {
            return Double.POSITIVE_INFINITY;
        }
        double best = Double.POSITIVE_INFINITY;
        for (int to = from + 1; to <= sorted.length; to++) {
            double weight = 0;
            double sum = 0;
            for (int i = from; i < to; i++) {
                weight += weights[i];
                sum += weights[i] * sorted[i];
            }
            double error = 0;
            for (int i = from; i < to; i++) {
                double distance = sorted[i] - (weight > 0 ? sum / weight : 0);
                error += weights[i] * distance * distance;
            }
            best = Math.min(best, error + bruteForce(sorted, weights, to, clusters - 1));
        }
        return best;
    }

    @Test
    void noDivisionIsBetter() {
        Random random = new Random(1);
        for (int round = 0; round < 60; round++) {
            int count = 2 + random.nextInt(9);
            float[] values = gaussian(count, random);
            if (round % 4 == 0) {
                values[0] = values[1];
            }
            Arrays.sort(values);
            float[] importance = round % 2 == 0 ? null : weights(count, random);
            double[] weights = new double[count];
            double total = 0;
            for (int i = 0; i < count; i++) {
                weights[i] = importance == null ? 1 : importance[i];
                total += weights[i];
            }
            if (total == 0) {
                continue;
            }
            Points points = Points.of(values, importance, 0, count, 1);
            OptimalClusters clusters = new OptimalClusters(points, count);
            for (int k = 1; k <= count; k++) {
                double least = bruteForce(values, weights, 0, k);
                assertThat(clusters.error(k)).isCloseTo(least, within(1e-12 * total));
                double[] means = clusters.means(k);
                assertThat(means).isSorted();
                // Every value to its nearest mean costs what the division costs.
                assertThat(points.error(means)).isCloseTo(least, within(1e-12 * total));
            }
        }
    }

    @Test
    void theErrorFallsWithTheNumberOfClusters() {
        Points points = Points.of(gaussian(3000, new Random(2)), null, 0, 3000, 1);
        OptimalClusters clusters = new OptimalClusters(points, 256);
        for (int k = 2; k <= 256; k++) {
            assertThat(clusters.error(k)).isLessThan(clusters.error(k - 1));
        }
        assertThat(clusters.error(1)).isCloseTo(points.spread(0, points.size()), within(1e-9));
        assertThat(clusters.error(1000)).isEqualTo(clusters.error(256));
    }

    @Test
    void fewValuesAreMetExactlyAndTablesFilledUp() {
        float[] values = {0.3f, -7, 0.3f, 1e-3f, -7};
        OptimalClusters clusters = new OptimalClusters(Points.of(values, null, 0, 5, 1), 8);
        assertThat(clusters.most()).isEqualTo(5);
        assertThat(clusters.error(3)).isZero();
        LevelTable table = clusters.table(8);
        assertThat(table.levels()).contains(-7, 1e-3f, 0.3f).endsWith(0.3f, 0.3f);
    }

    /** Sums run outwards from the middle, so that an outlier does not blur what lies within. */
    @Test
    void hugeOutliersAndLargeMeansDoNotBlurSmallDifferences() {
        float[] values = {-1e20f, 1, 2, 10, 11, 20, 21, 1e20f};
        OptimalClusters clusters = new OptimalClusters(Points.of(values, null, 0, 8, 1), 5);
        assertThat(clusters.means(5)).containsExactly(-1e20f, 1.5, 10.5, 20.5, 1e20f);
        float[] shifted = new float[64];
        for (int i = 0; i < 64; i++) {
            shifted[i] = 1e6f + Math.floorDiv(i, 16) + i % 2 * 0.125f;
        }
        OptimalClusters near = new OptimalClusters(Points.of(shifted, null, 0, 64, 1), 4);
        assertThat(near.error(4)).isCloseTo(64 * 0.0625 * 0.0625, within(1e-9));
    }

    @Test
    void theNumberOfPointsIsChecked() {
        Points none = Points.of(new float[0], null, 0, 0, 1);
        assertThatThrownBy(() -> new OptimalClusters(none, 2))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
