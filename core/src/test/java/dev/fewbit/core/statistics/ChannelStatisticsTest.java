package dev.fewbit.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class ChannelStatisticsTest {

    private static final int[][] SHAPES = {
        {3, 5, 1}, {70, 129, 1}, {1, 4, 1}, {2, 3, 4}, {5, 7, 63}, {2, 3, 700}, {1, 2, 9_000}
    };

    @Test
    void everyChannelIsWhatItsValuesAre() {
        for (int[] shape : SHAPES) {
            for (int kind = 0; kind < SampleValues.KINDS; kind++) {
                check(shape[0], shape[1], shape[2], kind);
            }
        }
    }

    private static void check(int outer, int channels, int inner, int kind) {
        TensorStatistics statistics = new TensorStatistics(ChannelDetail.HISTOGRAMS);
        int length = outer * channels * inner;
        float[][] tensors = {
            SampleValues.ofKind(0, length, 3), SampleValues.ofKind(kind, length, 4)
        };
        for (float[] tensor : tensors) {
            statistics.addChannels(tensor, 0, outer, channels, inner);
        }
        ChannelStatistics actual = statistics.channels().orElseThrow();
        for (int channel = 0; channel < channels; channel++) {
            float[] own = finiteOf(channel, tensors, outer, channels, inner);
            Histogram expected = new Histogram(256);
            expected.add(own, 0, own.length);
            assertThat(actual.count(channel)).isEqualTo(own.length);
            assertThat(actual.minimum(channel)).isEqualTo(normal(expected.minimum()));
            assertThat(actual.maximum(channel)).isEqualTo(normal(expected.maximum()));
            assertThat(actual.magnitude(channel))
                    .isEqualTo(
                            Math.max(
                                    Math.abs(actual.minimum(channel)),
                                    Math.abs(actual.maximum(channel))));
            assertSum(actual, channel, own);
            Histogram histogram = actual.histograms().get(channel);
            assertThat(histogram.count()).isEqualTo(expected.count());
            assertThat(histogram.counts()).isEqualTo(expected.counts());
            assertThat(histogram.binWidth()).isEqualTo(expected.binWidth());
        }
    }

    private static float normal(float value) {
        return Math.abs(value) < Float.MIN_NORMAL ? 0 : value;
    }

    /**
     * Doubles are added in another order: n terms are off by at most n ulps of their magnitudes.
     */
    private static void assertSum(ChannelStatistics actual, int channel, float[] own) {
        double sum = 0;
        double magnitudes = 0;
        for (float value : own) {
            sum += value;
            magnitudes += Math.abs(value);
        }
        double bound = own.length * Math.ulp(magnitudes);
        assertThat(actual.sum(channel)).isCloseTo(sum, within(bound));
        assertThat(actual.means()[channel])
                .isCloseTo(sum / own.length, within(2 * bound / own.length));
    }

    private static float[] finiteOf(
            int channel, float[][] tensors, int outer, int channels, int inner) {
        float[] own = new float[tensors.length * outer * inner];
        int n = 0;
        for (float[] tensor : tensors) {
            for (int i = 0; i < tensor.length; i++) {
                if (i / inner % channels == channel && Float.isFinite(tensor[i])) {
                    own[n++] = tensor[i];
                }
            }
        }
        return Arrays.copyOf(own, n);
    }

    @Test
    void theSumsOfOneTensorAreThoseOfADoubleLoopWhereThatIsExact() {
        float[] values = new float[4 * 6_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 100 - 30;
        }
        TensorStatistics statistics = new TensorStatistics(ChannelDetail.RANGES);
        statistics.addChannels(values, 0, 2, 2, 6_000);
        ChannelStatistics channels = statistics.channels().orElseThrow();
        assertThat(channels.sum(0)).isEqualTo(2 * 60 * (4950 - 3000.0));
        assertThat(channels.magnitudes()).containsExactly(69, 69);
    }

    @Test
    void absurdNumbersOfChannelsAreRefused() {
        assertThatThrownBy(() -> new ChannelStatistics(ChannelStatistics.MOST_CHANNELS + 1, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1048576");
        assertThatThrownBy(() -> new ChannelStatistics(ChannelStatistics.MOST_HISTOGRAMS + 1, true))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
