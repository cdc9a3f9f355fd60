package dev.fewbit.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.statistics.ChannelDetail;
import dev.fewbit.core.statistics.ChannelStatistics;
import dev.fewbit.core.statistics.TensorStatistics;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

class ChannelShiftTest {
    private static final int ENOUGH = ChannelShift.FEWEST_VALUES;

    /** Channels that hold one value each, so often. */
    private static ChannelStatistics channels(int count, float... values) {
        TensorStatistics statistics = new TensorStatistics(ChannelDetail.RANGES);
        float[] tensor = new float[values.length * count];
        for (int i = 0; i < tensor.length; i++) {
            tensor[i] = values[i / count];
        }
        statistics.addChannels(tensor, 0, 1, values.length, count);
        return statistics.channels().orElseThrow();
    }

    private static ChannelShift roomy(int channels) {
        double[] largest = new double[channels];
        Arrays.fill(largest, Float.MAX_VALUE);
        return new ChannelShift(new double[channels], largest);
    }

    @Test
    void isTheDifferenceOfTheMeans() {
        assertThat(roomy(2).between(channels(ENOUGH, 1, -3), channels(ENOUGH, 0.5f, -2)))
                .contains(List.of(0.5f, -1f));
    }

    @Test
    void leavesChannelsAloneThatDoNotDiffer() {
        assertThat(roomy(2).between(channels(ENOUGH, 1, -3), channels(ENOUGH, 1, -2)))
                .contains(List.of(0f, -1f));
        assertThat(roomy(2).between(channels(ENOUGH, 1, 1e6f), channels(ENOUGH, 1, 1e6f)))
                .isEmpty();
    }

    @Test
    void needsEnoughValues() {
        assertThat(roomy(1).between(channels(ENOUGH - 1, 1), channels(ENOUGH - 1, 2))).isEmpty();
    }

    @Test
    void doesNotBelieveAbsurdDifferences() {
        assertThat(roomy(2).between(channels(ENOUGH, 1, 1), channels(ENOUGH, 3.5f, 0)))
                .contains(List.of(0f, 1f));
    }

    @Test
    void leavesChannelsAloneThatAreNotFinite() {
        ChannelStatistics nan = channels(ENOUGH, Float.NaN, 0);
        assertThat(roomy(2).between(channels(ENOUGH, 1, 1), nan)).contains(List.of(0f, 1f));
        assertThat(roomy(2).between(nan, channels(ENOUGH, 1, 1))).isEmpty();
    }

    @Test
    void keepsBiasesInTheirRoom() {
        ChannelShift tight = new ChannelShift(new double[] {0, 0, 5}, new double[] {0.5, 2, 0.5});
        // The third bias is too large already, and gets smaller.
        assertThat(tight.between(channels(ENOUGH, 1, 1, -4), channels(ENOUGH, 0, 0, -3)))
                .contains(List.of(0f, 1f, -1f));
    }
}
