package dev.fewbit.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class RescaledHistogramsTest {

    @Test
    void quantilesAreOffByLessThanABinOfTheSourcesAndOneOfTheResult() {
        float[] factors = {0.3f, 1, 7.7f, 0.01f, 2};
        List<Histogram> sources = new ArrayList<>();
        float[] scaled = new float[5_000];
        double widest = 0;
        for (int channel = 0; channel < factors.length; channel++) {
            float[] values = SampleValues.ofKind(channel == 2 ? 1 : 0, 1_000, channel);
            Histogram source = new Histogram(256);
            source.add(values, 0, values.length);
            sources.add(source);
            widest = Math.max(widest, source.binWidth() * factors[channel]);
            for (int i = 0; i < 1_000; i++) {
                scaled[channel * 1_000 + i] = values[i] * factors[channel];
            }
        }
        Histogram rescaled = Histogram.ofRescaled(sources, factors, 2048);
        Histogram direct = new Histogram(2048);
        direct.add(scaled, 0, scaled.length);
        assertThat(rescaled.count()).isEqualTo(5_000);
        assertThat(rescaled.minimum()).isEqualTo(direct.minimum());
        assertThat(rescaled.maximum()).isEqualTo(direct.maximum());
        assertThat(rescaled.binWidth()).isEqualTo(direct.binWidth());
        double off = widest + rescaled.binWidth();
        long[] counts = rescaled.counts();
        long below = 0;
        for (int i = 0; i < counts.length; i++) {
            below += counts[i];
            double edge = rescaled.lowerEdge() + (i + 1) * rescaled.binWidth();
            assertThat(below).isBetween(below(scaled, edge - off), below(scaled, edge + off));
        }
    }

    private static long below(float[] values, double limit) {
        long below = 0;
        for (float value : values) {
            if (value < limit) {
                below++;
            }
        }
        return below;
    }

    @Test
    void factorsOfOneChangeNothing() {
        float[] values = SampleValues.ofKind(0, 3_000, 3);
        Histogram source = new Histogram(512);
        source.add(values, 0, values.length);
        Histogram same = Histogram.ofRescaled(List.of(source), new float[] {1}, 512);
        assertThat(same.counts()).isEqualTo(source.counts());
        Histogram empty = Histogram.ofRescaled(List.of(new Histogram(8)), new float[] {3}, 16);
        assertThat(empty.count()).isZero();
        assertThat(Arrays.stream(empty.counts()).sum()).isZero();
    }

    @Test
    void badFactorsAreRefused() {
        List<Histogram> one = List.of(new Histogram(8));
        for (float factor : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> Histogram.ofRescaled(one, new float[] {factor}, 8))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Histogram.ofRescaled(one, new float[2], 8))
                .hasMessageContaining("1 and 2");
    }
}
