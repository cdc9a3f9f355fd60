package dev.fewbit.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

class StatisticTest {

    private static Mean mean(double... values) {
        Mean mean = new Mean();
        for (double value : values) {
            mean.add(value);
        }
        return mean;
    }

    @Test
    void theMeanHasTheBinomialError() {
        Mean first = mean(1, 1, 1, 0);
        assertThat(first.value()).isEqualTo(0.75);
        // sqrt(p (1 - p) / (n - 1))
        assertThat(first.standardError()).isCloseTo(Math.sqrt(0.1875 / 3), within(1e-15));
        Mean second = mean(1, 0, 1, 1);
        // Differences 0 -1 0 1: mean 0, squares 2, sqrt(2 / (4 * 3)).
        assertThat(first.differenceError(second)).isCloseTo(Math.sqrt(2.0 / 12), within(1e-15));
        assertThat(first.differenceError(first)).isZero();
        assertThat(mean(1).standardError()).isNaN();
        assertThatThrownBy(() -> first.differenceError(mean(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ranksOfEqualsAreShared() {
        assertThat(RankCorrelation.ranks(new double[] {10, 20, 10, 30, 10}))
                .containsExactly(2, 4, 2, 5, 2);
        assertThat(RankCorrelation.ranks(new double[] {-0.0, 0.0})).containsExactly(1.5, 1.5);
    }

    /** scipy.stats.spearmanr([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]) = 0.8207826816681233. */
    @Test
    void spearmanIsScipys() {
        assertThat(
                        RankCorrelation.correlation(
                                new double[] {1, 2, 3, 4, 5}, new double[] {5, 6, 7, 8, 7}))
                .isCloseTo(0.8207826816681233, within(1e-15));
        assertThat(
                        RankCorrelation.correlation(
                                new double[] {1, 2, Double.NaN}, new double[] {1, 2, 3}))
                .isNaN();
        assertThat(RankCorrelation.correlation(new double[] {1, 1}, new double[] {1, 2})).isNaN();
    }

    /** Without equals it is 1 - 6 sum d^2 / (n (n^2 - 1)). */
    @Test
    void spearmanIsTheSumOfSquaredDifferences() {
        SplittableRandom random = new SplittableRandom(5);
        int count = 300;
        RankCorrelation correlation = new RankCorrelation();
        double[] x = new double[count];
        double[] y = new double[count];
        for (int i = 0; i < count; i++) {
            x[i] = random.nextGaussian();
            y[i] = x[i] + random.nextGaussian();
            correlation.add(x[i], y[i]);
        }
        double squares = 0;
        for (int i = 0; i < count; i++) {
            double difference = rank(x, i) - rank(y, i);
            squares += difference * difference;
        }
        double expected = 1 - 6 * squares / (count * ((double) count * count - 1));
        assertThat(correlation.value()).isCloseTo(expected, within(1e-12));
        // (1 - r^2) sqrt((1 + r^2 / 2) / (n - 3)) of Bonett and Wright (2000); the jackknife over
        // 20
        // groups has a relative error of 1 / sqrt(2 * 19), which is a sixth. Three of those.
        double theory =
                (1 - expected * expected) * Math.sqrt((1 + expected * expected / 2) / (count - 3));
        assertThat(correlation.standardError()).isBetween(theory / 2, theory * 1.5);
        assertThat(correlation.differenceError(correlation)).isZero();
    }

    private static int rank(double[] values, int index) {
        int rank = 0;
        for (double value : values) {
            rank += value < values[index] ? 1 : 0;
        }
        return rank;
    }

    @Test
    void perplexityIsTakenOverTokensNotRows() {
        Perplexity perplexity = new Perplexity();
        perplexity.add(2, 1);
        perplexity.add(1, 3);
        assertThat(perplexity.value()).isCloseTo(Math.exp(0.75), within(1e-15));
        assertThat(perplexity.samples()).isEqualTo(4);
        // Residuals 2 - 0.75 and 1 - 2.25; sqrt(2 / 1 * 2 * 1.25^2) / 4, times exp(0.75).
        assertThat(perplexity.standardError())
                .isCloseTo(Math.exp(0.75) * Math.sqrt(2 * 2 * 1.5625) / 4, within(1e-14));
        Perplexity other = new Perplexity();
        other.add(2.5, 1);
        other.add(1, 3);
        double m = 3.5 / 4;
        double first = Math.exp(m) * (2.5 - m) - Math.exp(0.75) * 1.25;
        double second = Math.exp(m) * (1 - 3 * m) - Math.exp(0.75) * -1.25;
        assertThat(perplexity.differenceError(other))
                .isCloseTo(Math.sqrt(2 * (first * first + second * second)) / 4, within(1e-14));
    }
}
