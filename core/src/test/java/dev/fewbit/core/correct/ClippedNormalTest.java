package dev.fewbit.core.correct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Random;

class ClippedNormalTest {

    /** Against numerical integration: the midpoint rule on 200 000 points of 20 deviations. */
    @Test
    void momentsAreTheIntegrals() {
        Random random = new Random(8);
        for (int round = 0; round < 40; round++) {
            double mean = random.nextGaussian() * 3;
            double deviation = Math.exp(random.nextGaussian());
            double one = random.nextGaussian();
            double low = round % 3 == 0 ? Double.NEGATIVE_INFINITY : one;
            double high = round % 4 == 0 ? Double.POSITIVE_INFINITY : one + 3 * random.nextDouble();
            int points = 200_000;
            double first = 0;
            double second = 0;
            for (int i = 0; i < points; i++) {
                double t = -10 + 20 * (i + 0.5) / points;
                double weight = Math.exp(-t * t / 2) / Math.sqrt(2 * Math.PI) * 20 / points;
                double value = Math.clamp(mean + deviation * t, low, high) - mean;
                first += weight * value;
                second += weight * value * value;
            }
            ClippedNormal actual = ClippedNormal.clip(mean, deviation, low, high);
            // The kinks at the limits cost the rule a squared step each.
            double tolerance = 1e-6 * deviation;
            assertThat(actual.mean()).isCloseTo(mean + first, within(tolerance));
            assertThat(actual.variance())
                    .isCloseTo(second - first * first, within(tolerance * deviation * 10));
        }
    }

    @Test
    void knownValues() {
        double density = 1 / Math.sqrt(2 * Math.PI);
        assertThat(ClippedNormal.relu(0, 1).mean()).isCloseTo(density, within(1e-15));
        assertThat(ClippedNormal.relu(0, 1).variance())
                .isCloseTo(0.5 - density * density, within(1e-15));
        assertThat(ClippedNormal.relu(0, -2).mean()).isCloseTo(2 * density, within(1e-15));
        assertThat(ClippedNormal.relu6(3, 0.1)).isEqualTo(new ClippedNormal(3, 0.1 * 0.1));
        assertThat(ClippedNormal.relu6(100, 0.1)).isEqualTo(new ClippedNormal(6, 0));
        assertThat(ClippedNormal.relu(-100, 0.1)).isEqualTo(new ClippedNormal(0, 0));
        assertThat(ClippedNormal.relu(2, 0)).isEqualTo(new ClippedNormal(2, 0));
        assertThat(ClippedNormal.relu(0, 0)).isEqualTo(new ClippedNormal(0, 0));
    }

    @Test
    void limitsOutOfOrderAreRefused() {
        assertThatThrownBy(() -> ClippedNormal.clip(0, 1, 2, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ClippedNormal.relu(Double.NaN, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
