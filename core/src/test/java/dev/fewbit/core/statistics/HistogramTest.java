package dev.fewbit.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

class HistogramTest {

    @Test
    void mergingInAnyOrderGivesTheSameHistogram() {
        Random random = new Random(3);
        for (int round = 0; round < 50; round++) {
            List<float[]> parts = new ArrayList<>();
            for (int p = 0; p < 6; p++) {
                float[] part = new float[random.nextInt(50)];
                float spread = (float) Math.exp(random.nextGaussian() * 8);
                for (int i = 0; i < part.length; i++) {
                    part[i] = (float) random.nextGaussian() * spread;
                }
                parts.add(part);
            }
            Histogram whole = new Histogram(64);
            for (float[] part : parts) {
                whole.add(part, 0, part.length);
            }
            Collections.shuffle(parts, random);
            Histogram merged = new Histogram(64);
            for (float[] part : parts) {
                Histogram other = new Histogram(64);
                other.add(part, 0, part.length);
                merged.merge(other);
            }
            assertSame(merged, whole);
        }
    }

    private static void assertSame(Histogram actual, Histogram expected) {
        assertThat(actual.counts()).isEqualTo(expected.counts());
        assertThat(actual.binWidth()).isEqualTo(expected.binWidth());
        assertThat(actual.count()).isEqualTo(expected.count());
        assertThat(actual.minimum()).isEqualTo(expected.minimum());
        assertThat(actual.maximum()).isEqualTo(expected.maximum());
    }

    @Test
    void everyValueIsInTheBinThatCoversIt() {
        Random random = new Random(4);
        float[] values = {
            0,
            -0f,
            1,
            -1,
            0.5f,
            -0.5f,
            32,
            -32,
            31.999998f,
            Float.MIN_VALUE,
            -Float.MIN_VALUE,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            1e-30f
        };
        for (int round = 0; round < 200; round++) {
            float value =
                    round < values.length
                            ? values[round]
                            : (float) (random.nextGaussian() * Math.exp(random.nextGaussian() * 9));
            Histogram histogram = new Histogram(64);
            histogram.add(new float[] {9, value, 9}, 1, 1);
            long[] counts = histogram.counts();
            int bin = 0;
            while (counts[bin] == 0) {
                bin++;
            }
            double lower = histogram.lowerEdge() + bin * histogram.binWidth();
            assertThat(value + 0.0).isBetween(lower, Math.nextDown(lower + histogram.binWidth()));
            // The width is the smallest that will do: with half of it the value has no bin.
            if (value != 0 && histogram.binWidth() > Float.MIN_VALUE) {
                double half = histogram.lowerEdge() / 2;
                assertThat(value < half || value >= -half).isTrue();
            }
        }
    }

    @Test
    void occupiedBinsHoldAllValues() {
        Histogram histogram = new Histogram(64);
        float[] values = {-3, -1, 0, 0.5f, 2, 2, 5};
        histogram.add(values, 0, values.length);
        for (int most = 2; most < 70; most++) {
            Histogram.Bins bins = histogram.occupied(most);
            assertThat(bins.counts()).hasSizeLessThanOrEqualTo(most);
            assertThat(bins.counts().stream().mapToLong(Long::longValue).sum()).isEqualTo(7);
            assertThat(bins.lowerEdge()).isLessThanOrEqualTo(-3);
            assertThat(bins.lowerEdge() + bins.width() * bins.counts().size()).isGreaterThan(5);
        }
        Histogram.Bins two = histogram.occupied(2);
        assertThat(two).isEqualTo(new Histogram.Bins(-8, 8, List.of(2L, 5L)));
        assertThat(new Histogram().occupied(2).counts()).containsExactly(0L);
    }

    @Test
    void badValuesAndSizesAreRefused() {
        Histogram histogram = new Histogram();
        assertThatThrownBy(() -> histogram.add(new float[] {1, Float.NaN}, 0, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NaN at index 1");
        assertThat(histogram.count()).isZero();
        assertThat(Arrays.stream(histogram.counts()).sum()).isZero();
        assertThatThrownBy(() -> histogram.merge(new Histogram(8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2048 and 8");
        assertThatThrownBy(() -> new Histogram(7)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> histogram.occupied(1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
