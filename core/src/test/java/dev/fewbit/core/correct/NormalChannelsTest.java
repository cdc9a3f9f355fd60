package dev.fewbit.core.correct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.statistics.ChannelDetail;
import dev.fewbit.core.statistics.ChannelStatistics;
import dev.fewbit.core.statistics.TensorStatistics;

import org.junit.jupiter.api.Test;

class NormalChannelsTest {

    @Test
    void channelsHaveTheMomentsOfClippedNormals() {
        float[] means = {0, 1.5f, -2, 4, -30};
        float[] deviations = {1, 0.3f, 2, -3, 0.5f};
        TensorStatistics statistics =
                NormalChannels.statistics(means, deviations, 0, 6, 4096, ChannelDetail.HISTOGRAMS);
        ChannelStatistics channels = statistics.channels().orElseThrow();
        assertThat(statistics.count()).isEqualTo(5 * 4096);
        assertThat(statistics.minimum()).isZero();
        assertThat(statistics.maximum()).isEqualTo(6);
        for (int c = 0; c < means.length; c++) {
            ClippedNormal expected = ClippedNormal.relu6(means[c], deviations[c]);
            // Quantiles leave out the outermost 1/8192 on both sides.
            assertThat(channels.means()[c])
                    .isCloseTo(expected.mean(), within(1e-3 * Math.abs(deviations[c])));
            assertThat(channels.histograms().get(c).count()).isEqualTo(4096);
        }
        assertThat(channels.maximum(4)).isZero();
    }

    @Test
    void quantilesAreThoseOfTheNormalDistribution() {
        // Tables of the normal distribution.
        assertThat(StandardNormal.quantile(0.975)).isCloseTo(1.959963984540054, within(1e-14));
        assertThat(StandardNormal.quantile(0.5)).isZero();
        assertThat(StandardNormal.quantile(1e-9)).isCloseTo(-5.997807015007687, within(1e-12));
        assertThat(StandardNormal.below(-1)).isCloseTo(0.15865525393145707, within(1e-15));
        assertThat(StandardNormal.below(-6)).isCloseTo(9.865876450376946e-10, within(1e-23));
        assertThat(StandardNormal.below(3.5)).isCloseTo(0.9997673709209645, within(1e-15));
        double[] quantiles = NormalChannels.quantiles(1001);
        for (int k = 0; k < quantiles.length; k++) {
            assertThat(StandardNormal.below(quantiles[k]))
                    .isCloseTo((k + 0.5) / 1001, within(1e-14));
            assertThat(quantiles[k]).isCloseTo(-quantiles[1000 - k], within(1e-13));
        }
    }

    @Test
    void badArgumentsAreRefused() {
        float[] one = {1};
        assertThatThrownBy(
                        () ->
                                NormalChannels.statistics(
                                        one, new float[2], 0, 6, 10, ChannelDetail.NONE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NormalChannels.statistics(one, one, 0, 6, 1, ChannelDetail.NONE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () ->
                                NormalChannels.statistics(
                                        new float[] {Float.NaN}, one, 0, 6, 9, ChannelDetail.NONE))
                .hasMessageContaining("finite");
    }
}
