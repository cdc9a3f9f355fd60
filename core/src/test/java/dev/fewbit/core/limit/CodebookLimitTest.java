package dev.fewbit.core.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.level.Points;
import dev.fewbit.core.statistics.Histogram;
import dev.fewbit.core.statistics.TensorStatistics;

import org.junit.jupiter.api.Test;

import java.util.Random;

class CodebookLimitTest {

    private static float[] gaussian(int count) {
        Random random = new Random(5);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void histogramsKnowTheLimitOfTheirValues() {
        float[] values = gaussian(10_000);
        CodebookLimit exact = CodebookLimit.of(Points.of(values, null, 0, values.length, 1));
        Histogram histogram = new Histogram();
        histogram.add(values, 0, values.length);
        TensorStatistics octaves = new TensorStatistics();
        octaves.add(values, 0, values.length);
        for (int bits = 1; bits <= 5; bits++) {
            double limit = exact.withLevels(1 << bits);
            assertThat(CodebookLimit.of(histogram).withLevels(1 << bits))
                    .isCloseTo(limit, within(0.05));
            assertThat(CodebookLimit.of(octaves.distribution()).withLevels(1 << bits))
                    .isCloseTo(limit, within(0.05));
        }
    }

    @Test
    void theGapIsWhatIsMissing() {
        float[] values = gaussian(4000);
        CodebookLimit limit = CodebookLimit.of(Points.of(values, null, 0, values.length, 1));
        assertThat(limit.atBits(3)).isCloseTo(limit.withLevels(8), within(1e-12));
        assertThat(limit.atBits(0)).isCloseTo(limit.withLevels(1), within(1e-12));
        double between = limit.atBits(3.5);
        assertThat(between).isBetween(limit.withLevels(11), limit.withLevels(12));
        assertThat(limit.atBits(9) - limit.atBits(8)).isCloseTo(6.02, within(0.01));
        assertThat(limit.gap(3, 10)).isCloseTo(limit.withLevels(8) - 10, within(1e-12));
        for (double bits = 0.25; bits < 9; bits += 0.25) {
            assertThat(limit.atBits(bits)).isGreaterThan(limit.atBits(bits - 0.25));
        }
    }

    @Test
    void fewValuesHaveNoLimit() {
        float[] values = {1, 1, 2, 0, 0};
        TensorStatistics few = new TensorStatistics();
        few.add(values, 0, 5);
        CodebookLimit limit = CodebookLimit.of(Points.of(values, null, 0, 5, 1));
        assertThat(limit.withLevels(4)).isInfinite();
        assertThat(limit.withLevels(2)).isFinite();
        assertThat(limit.gap(2, Double.POSITIVE_INFINITY)).isZero();
        assertThat(limit.atBits(1)).isFinite();
        // Zeros are numbers of their own, whatever else is in the histogram.
        assertThat(CodebookLimit.of(few.distribution()).withLevels(2))
                .isCloseTo(limit.withLevels(2), within(0.05));
        assertThat(CodebookLimit.of(new TensorStatistics().distribution()).withLevels(1))
                .isInfinite();
    }
}
