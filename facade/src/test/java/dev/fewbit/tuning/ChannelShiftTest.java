package dev.fewbit.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.runtime.data.NumberArray;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

class ChannelShiftTest {
    private static final int ENOUGH = ChannelShift.FEWEST_VALUES;

    private static final MeanMatching LINEAR =
            new MeanMatching(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    /** Channels that hold one value each, so often. */
    private static SampledValues channels(int count, float... values) {
        float[] tensor = new float[values.length * count];
        for (int i = 0; i < tensor.length; i++) {
            tensor[i] = values[i / count];
        }
        NumberArray array = NumberArray.ofFloats(tensor, 1, values.length, count);
        SampledValues sampled = new SampledValues(1, count);
        sampled.add(array, sampled.part(array, 0));
        return sampled;
    }

    private static ChannelShift roomy(int channels) {
        double[] largest = new double[channels];
        Arrays.fill(largest, Float.MAX_VALUE);
        return new ChannelShift(new double[channels], largest);
    }

    @Test
    void isTheDifferenceOfTheMeans() {
        assertThat(roomy(2).between(channels(ENOUGH, 1, -3), channels(ENOUGH, 0.5f, -2), LINEAR))
                .contains(List.of(0.5f, -1f));
    }

    @Test
    void leavesChannelsAloneThatDoNotDiffer() {
        assertThat(roomy(2).between(channels(ENOUGH, 1, -3), channels(ENOUGH, 1, -2), LINEAR))
                .contains(List.of(0f, -1f));
        assertThat(roomy(2).between(channels(ENOUGH, 1, 1e6f), channels(ENOUGH, 1, 1e6f), LINEAR))
                .isEmpty();
    }

    @Test
    void needsEnoughValues() {
        assertThat(roomy(1).between(channels(ENOUGH - 1, 1), channels(ENOUGH - 1, 2), LINEAR))
                .isEmpty();
    }

    @Test
    void doesNotBelieveAbsurdDifferences() {
        assertThat(roomy(2).between(channels(ENOUGH, 1, 1), channels(ENOUGH, 3.5f, 0), LINEAR))
                .contains(List.of(0f, 1f));
    }

    @Test
    void leavesChannelsAloneThatAreNotFinite() {
        SampledValues nan = channels(ENOUGH, Float.NaN, 0);
        assertThat(roomy(2).between(channels(ENOUGH, 1, 1), nan, LINEAR)).contains(List.of(0f, 1f));
        assertThat(roomy(2).between(nan, channels(ENOUGH, 1, 1), LINEAR)).isEmpty();
    }

    @Test
    void keepsBiasesInTheirRoom() {
        ChannelShift tight = new ChannelShift(new double[] {0, 0, 5}, new double[] {0.5, 2, 0.5});
        // The third bias is too large already, and gets smaller.
        assertThat(tight.between(channels(ENOUGH, 1, 1, -4), channels(ENOUGH, 0, 0, -3), LINEAR))
                .contains(List.of(0f, 1f, -1f));
    }
}
