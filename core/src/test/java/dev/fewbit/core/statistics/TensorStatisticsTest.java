package dev.fewbit.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

class TensorStatisticsTest {

    @Test
    void binsHoldTheValuesThatTheyCover() {
        for (int kind = 0; kind < SampleValues.KINDS; kind++) {
            float[] values = SampleValues.ofKind(kind, 9_999, 7);
            TensorStatistics statistics = new TensorStatistics();
            statistics.add(values, 0, values.length);
            assertMatches(statistics, values);
        }
    }

    /** Against bins found with doubles and a map. */
    private static void assertMatches(TensorStatistics statistics, float[] values) {
        Map<Double, Long> expected = new TreeMap<>();
        long zeros = 0;
        long notFinite = 0;
        double minimum = Double.POSITIVE_INFINITY;
        double maximum = Double.NEGATIVE_INFINITY;
        for (float value : values) {
            if (!Float.isFinite(value)) {
                notFinite++;
                continue;
            }
            double kept = Math.abs(value) < Float.MIN_NORMAL ? 0 : value;
            minimum = Math.min(minimum, kept);
            maximum = Math.max(maximum, kept);
            if (kept == 0) {
                zeros++;
            } else {
                double width = Math.scalb(1.0, Math.getExponent(kept) - OctaveHistogram.PRECISION);
                double magnitude = Math.floor(Math.abs(kept) / width) * width;
                double lower = kept > 0 ? magnitude : -magnitude - width;
                expected.merge(lower, 1L, Long::sum);
            }
        }
        OctaveHistogram distribution = statistics.distribution();
        assertThat(statistics.count()).isEqualTo(values.length - notFinite);
        assertThat(statistics.notFinite()).isEqualTo(notFinite);
        assertThat(distribution.zeros()).isEqualTo(zeros);
        assertThat((double) statistics.minimum()).isEqualTo(minimum);
        assertThat((double) statistics.maximum()).isEqualTo(maximum);
        Pieces pieces = distribution.pieces();
        assertThat(pieces.size()).isEqualTo(expected.size());
        int i = 0;
        for (Map.Entry<Double, Long> bin : expected.entrySet()) {
            assertThat(pieces.lower(i)).isEqualTo(Math.max(bin.getKey(), minimum));
            assertThat(pieces.count(i)).isEqualTo(bin.getValue());
            i++;
        }
    }

    @Test
    void mergingInAnyOrderGivesTheSameBytes() {
        Random random = new Random(11);
        for (ChannelDetail detail : ChannelDetail.values()) {
            for (int round = 0; round < 20; round++) {
                List<float[]> tensors = new ArrayList<>();
                for (int t = 0; t < 7; t++) {
                    int kind = random.nextInt(SampleValues.KINDS);
                    tensors.add(SampleValues.ofKind(kind, 6 * random.nextInt(40), t + round));
                }
                TensorStatistics whole = new TensorStatistics(detail);
                tensors.forEach(tensor -> addTo(whole, tensor));
                Collections.shuffle(tensors, random);
                TensorStatistics first = new TensorStatistics(detail);
                TensorStatistics second = new TensorStatistics(detail);
                for (float[] tensor : tensors) {
                    addTo(random.nextBoolean() ? first : second, tensor);
                }
                first.merge(second);
                assertThat(bytes(first)).isEqualTo(bytes(whole));
                // Counting goes on after merging.
                addTo(first, tensors.getFirst());
                addTo(whole, tensors.getFirst());
                assertThat(bytes(first)).isEqualTo(bytes(whole));
            }
        }
    }

    private static void addTo(TensorStatistics statistics, float[] tensor) {
        statistics.addChannels(tensor, 0, tensor.length / 6, 3, 2);
    }

    private static byte[] bytes(TensorStatistics statistics) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            statistics.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Test
    void buffersOfAllKindsAreReadFromTheirPosition() {
        float[] values = SampleValues.ofKind(1, 10_000, 3);
        TensorStatistics expected = new TensorStatistics();
        expected.add(values, 100, 9_000);
        List<FloatBuffer> buffers = new ArrayList<>();
        buffers.add(FloatBuffer.wrap(values.clone()));
        buffers.add(FloatBuffer.wrap(values).asReadOnlyBuffer());
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            buffers.add(ByteBuffer.allocate(40_000).order(order).asFloatBuffer().put(values));
            buffers.add(ByteBuffer.allocateDirect(40_000).order(order).asFloatBuffer().put(values));
        }
        for (FloatBuffer buffer : buffers) {
            buffer.limit(9_100).position(100);
            TensorStatistics actual = new TensorStatistics();
            actual.add(buffer);
            assertThat(bytes(actual)).isEqualTo(bytes(expected));
            assertThat(buffer.position()).isEqualTo(100);
        }
    }

    @Test
    void meansAreWithinTheirBounds() {
        for (int kind = 0; kind < SampleValues.KINDS; kind++) {
            float[] values = SampleValues.ofKind(kind, 5_000, 5);
            TensorStatistics statistics = new TensorStatistics();
            statistics.add(values, 0, values.length);
            double sum = 0;
            double magnitudes = 0;
            double squares = 0;
            for (float value : values) {
                if (Float.isFinite(value)) {
                    sum += value;
                    magnitudes += Math.abs(value);
                    squares += (double) value * value;
                }
            }
            long count = statistics.count();
            assertThat(statistics.distribution().mean())
                    .isCloseTo(sum / count, within(magnitudes / count / 512 + 1e-30));
            assertThat(statistics.distribution().meanSquare())
                    .isCloseTo(squares / count, within(squares / count / 255 + 1e-30));
        }
    }

    @Test
    void masksAreToldApart() {
        for (float mask : new float[] {-Float.MAX_VALUE, -1e9f, -10_000, -65_504}) {
            float[] scores = SampleValues.ofKind(0, 4_000, 1);
            float[] masked = scores.clone();
            for (int i = 0; i < masked.length; i += 4) {
                masked[i] += mask;
            }
            TensorStatistics statistics = new TensorStatistics();
            statistics.add(masked, 0, masked.length);
            OctaveHistogram.Mask found = statistics.distribution().mask().orElseThrow();
            assertThat(found.count()).isEqualTo(1_000);
            assertThat(found.highest()).isLessThan(mask * 0.99f);
            OctaveHistogram rest = statistics.distribution().withoutMask();
            float[] others = new float[3_000];
            int n = 0;
            for (int i = 0; i < scores.length; i++) {
                if (i % 4 != 0) {
                    others[n++] = scores[i];
                }
            }
            TensorStatistics expected = new TensorStatistics();
            expected.add(others, 0, n);
            assertThat(rest.count()).isEqualTo(3_000);
            assertThat(rest.maximum()).isEqualTo(expected.maximum());
            // Known to within a bin, to the outside.
            assertThat(rest.minimum())
                    .isBetween(expected.minimum() * (1 + 1f / 256), expected.minimum());
        }
    }

    @Test
    void largeValuesThatAreNoMaskStay() {
        List<float[]> tensors =
                List.of(
                        new float[] {1, 2, 1e6f},
                        new float[] {-10_000, -10_000},
                        new float[] {-100, -1, 3},
                        new float[] {-1e5f, -1e4f, -1e3f, -100, -10, -1},
                        new float[] {0, 0});
        for (float[] values : tensors) {
            TensorStatistics statistics = new TensorStatistics();
            statistics.add(values, 0, values.length);
            assertThat(statistics.distribution().mask()).isEmpty();
            assertThat(statistics.distribution().withoutMask().count()).isEqualTo(values.length);
            assertThat(statistics.distribution().withoutMask().minimum())
                    .isEqualTo(statistics.minimum());
        }
        // The mask by itself, before it is added to anything.
        TensorStatistics mask = new TensorStatistics();
        mask.add(new float[] {0, -10_000, 0}, 0, 3);
        assertThat(mask.distribution().mask()).contains(new OctaveHistogram.Mask(1, -9984));
        OctaveHistogram rest = mask.distribution().withoutMask();
        assertThat(rest.minimum()).isZero();
        assertThat(rest.maximum()).isZero();
    }

    @Test
    void emptyStatisticsSaySo() {
        TensorStatistics statistics = new TensorStatistics(ChannelDetail.RANGES);
        assertThat(statistics.count()).isZero();
        assertThat(statistics.minimum()).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(statistics.maximum()).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(statistics.channels()).isEmpty();
        assertThat(statistics.distribution().pieces().size()).isZero();
        statistics.addChannels(new float[0], 0, 0, 4, 5);
        assertThat(statistics.channels().orElseThrow().minimum(3))
                .isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(statistics.channels().orElseThrow().magnitude(3)).isZero();
    }

    @Test
    void misuseIsRefused() {
        TensorStatistics channels = new TensorStatistics(ChannelDetail.RANGES);
        channels.addChannels(new float[6], 0, 1, 3, 2);
        assertThatThrownBy(() -> channels.add(new float[1], 0, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("addChannels");
        assertThatThrownBy(() -> channels.addChannels(new float[6], 0, 1, 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("as the first, 3, got 2");
        assertThatThrownBy(() -> channels.addChannels(FloatBuffer.allocate(5), 1, 3, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("6 values, the buffer has 5");
        assertThatThrownBy(() -> channels.merge(new TensorStatistics()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channels.addChannels(new float[6], 1, 1, 3, 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> channels.channels().orElseThrow().histograms())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("HISTOGRAMS");
    }
}
