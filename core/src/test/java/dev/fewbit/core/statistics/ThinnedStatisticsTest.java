package dev.fewbit.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;

/** Statistics for which one value in several is counted. */
class ThinnedStatisticsTest {

    private static final int[] STEPS = {4, 8, 16};

    private static byte[] bytes(TensorStatistics statistics) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        statistics.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static TensorStatistics of(
            ChannelDetail detail, float[] values, int channels, int inner, int step) {
        TensorStatistics statistics = new TensorStatistics(detail);
        int outer = values.length / channels / inner;
        statistics.addChannels(FloatBuffer.wrap(values), outer, channels, inner, step);
        return statistics;
    }

    @Test
    void rangesSumsAndNumbersAreThoseOfAllValues() throws IOException {
        int[][] shapes = {{3, 1}, {5, 31}, {3, 64}, {2, 1031}, {1, 4096}, {7, 5000}};
        for (int[] shape : shapes) {
            for (int kind = 0; kind < SampleValues.KINDS; kind++) {
                int count = shape[0] * shape[1] * (shape[1] < 100 ? 150 : 2);
                float[] values = SampleValues.ofKind(kind, count, 3);
                for (ChannelDetail detail : ChannelDetail.values()) {
                    for (int step : STEPS) {
                        assertAlike(
                                of(detail, values, shape[0], shape[1], step),
                                of(detail, values, shape[0], shape[1], 1));
                    }
                }
            }
        }
    }

    private static void assertAlike(TensorStatistics thinned, TensorStatistics all)
            throws IOException {
        assertThat(thinned.count()).isEqualTo(all.count());
        assertThat(thinned.notFinite()).isEqualTo(all.notFinite());
        assertThat(thinned.minimum()).isEqualTo(all.minimum());
        assertThat(thinned.maximum()).isEqualTo(all.maximum());
        if (all.detail() != ChannelDetail.NONE) {
            ChannelStatistics found = thinned.channels().orElseThrow();
            ChannelStatistics expected = all.channels().orElseThrow();
            for (int channel = 0; channel < expected.channels(); channel++) {
                assertThat(found.count(channel)).isEqualTo(expected.count(channel));
                assertThat(found.minimum(channel)).isEqualTo(expected.minimum(channel));
                assertThat(found.maximum(channel)).isEqualTo(expected.maximum(channel));
                assertThat(found.sum(channel)).isEqualTo(expected.sum(channel));
            }
        }
        // What is read is held to be as consistent as what is counted whole.
        byte[] written = bytes(thinned);
        TensorStatistics read =
                TensorStatistics.read(new DataInputStream(new ByteArrayInputStream(written)));
        assertThat(bytes(read)).isEqualTo(written);
    }

    @Test
    void sharesAreNearThoseOfAllValues() {
        float[] values = SampleValues.ofKind(0, 1 << 18, 5);
        for (int step : STEPS) {
            TensorStatistics thinned = of(ChannelDetail.HISTOGRAMS, values, 4, 1 << 16, step);
            assertNear(thinned.distribution(), values, step);
            for (int channel = 0; channel < 4; channel++) {
                float[] own = new float[1 << 16];
                System.arraycopy(values, channel << 16, own, 0, own.length);
                assertNear(thinned.channels().orElseThrow().histograms().get(channel), own, step);
            }
        }
    }

    /**
     * The share below a number is that of so many independent draws: five standard deviations, and
     * a bin of 256 across the range of about 16, which holds at most 1/40 of the values.
     */
    private static void assertNear(Distribution distribution, float[] values, int step) {
        Pieces pieces = distribution.pieces();
        for (double cut : new double[] {-2, -1, 0.25, 1, 3}) {
            long counted = 0;
            long inside = 0;
            for (int i = 0; i < pieces.size(); i++) {
                counted += pieces.upper(i) <= cut ? pieces.count(i) : 0;
                inside += pieces.lower(i) < cut && pieces.upper(i) > cut ? pieces.count(i) : 0;
            }
            long expected = 0;
            for (float value : values) {
                expected += value < cut ? 1 : 0;
            }
            double draws = (double) values.length / step;
            assertThat((double) counted / values.length)
                    .isBetween(
                            (double) (expected - inside) / values.length - 2.5 / Math.sqrt(draws),
                            (double) expected / values.length + 2.5 / Math.sqrt(draws));
        }
    }

    @Test
    void noChannelAndNoColumnIsPreferred() {
        // Only one place in each 16 holds anything: a fixed step would see all of it, or nothing.
        for (int place = 0; place < 16; place++) {
            float[] values = new float[1 << 16];
            for (int i = place; i < values.length; i += 16) {
                values[i] = 1;
            }
            for (int step : STEPS) {
                TensorStatistics thinned = of(ChannelDetail.NONE, values, 1, values.length, step);
                double share = 1 - (double) thinned.distribution().zeros() / values.length;
                assertThat(share).as("place %d, step %d", place, step).isBetween(0.05, 0.075);
            }
        }
    }

    @Test
    void outliersAreCountedOnce() {
        Random random = new Random(9);
        for (int step : STEPS) {
            TensorStatistics whole = new TensorStatistics();
            TensorStatistics channels = new TensorStatistics(ChannelDetail.HISTOGRAMS);
            for (int tensor = 0; tensor < 200; tensor++) {
                float[] values = SampleValues.ofKind(0, 4096, tensor);
                values[random.nextInt(4096)] = 1000;
                values[random.nextInt(4096)] = -1000;
                whole.add(FloatBuffer.wrap(values), step);
                channels.addChannels(FloatBuffer.wrap(values), 1, 1, 4096, step);
            }
            List<Distribution> distributions =
                    List.of(
                            whole.distribution(),
                            channels.distribution(),
                            channels.channels().orElseThrow().histograms().getFirst());
            for (Distribution distribution : distributions) {
                Pieces pieces = distribution.pieces();
                assertThat(pieces.count(0)).isBetween(199L, 200L);
                assertThat(pieces.count(pieces.size() - 1)).isBetween(199L, 200L);
            }
        }
    }

    @Test
    void zerosBehindReluAreNeitherFavouredNorLeftOut() {
        float[] values = SampleValues.ofKind(1, 1 << 18, 6);
        long zeros = 0;
        for (float value : values) {
            zeros += value == 0 ? 1 : 0;
        }
        for (int step : STEPS) {
            double counted =
                    of(ChannelDetail.NONE, values, 1, 1 << 18, step).distribution().zeros();
            double draws = (double) values.length / step;
            assertThat(counted / values.length)
                    .isCloseTo((double) zeros / values.length, within(2.5 / Math.sqrt(draws)));
        }
    }

    @Test
    void whatIsLookedAtDoesNotDependOnWhatCameBefore() throws IOException {
        for (ChannelDetail detail : ChannelDetail.values()) {
            TensorStatistics forward = new TensorStatistics(detail);
            TensorStatistics merged = new TensorStatistics(detail);
            for (int i = 0; i < 6; i++) {
                float[] values = SampleValues.ofKind(i, 30_000, i);
                forward.addChannels(FloatBuffer.wrap(values), 2, 3, 5_000, 8);
                float[] other = SampleValues.ofKind(5 - i, 30_000, 5 - i);
                merged.merge(of(detail, other, 3, 5_000, 8));
            }
            assertThat(bytes(merged)).isEqualTo(bytes(forward));
        }
    }

    @Test
    void refusesOtherSteps() {
        TensorStatistics statistics = new TensorStatistics();
        for (int step : new int[] {-4, 0, 2, 3, 12, 32, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> statistics.add(FloatBuffer.allocate(10), step))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a step is 1, 4, 8 or 16, got " + step);
        }
    }
}
