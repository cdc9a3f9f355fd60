package dev.fewbit.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.Arrays;
import java.util.Random;

class StatisticsFormTest {

    private static byte[] write(TensorStatistics statistics) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        statistics.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static TensorStatistics read(byte[] bytes) throws IOException {
        ByteArrayInputStream input = new ByteArrayInputStream(bytes);
        TensorStatistics statistics = TensorStatistics.read(new DataInputStream(input));
        assertThat(input.available()).isZero();
        return statistics;
    }

    private static TensorStatistics sample(int kind, ChannelDetail detail) {
        TensorStatistics statistics = new TensorStatistics(detail);
        float[] values = SampleValues.ofKind(kind, 600, 8);
        statistics.addChannels(values, 0, 10, 6, 10);
        return statistics;
    }

    @Test
    void whatIsReadIsWhatWasWritten() throws IOException {
        for (ChannelDetail detail : ChannelDetail.values()) {
            byte[] empty = write(new TensorStatistics(detail));
            assertThat(write(read(empty))).isEqualTo(empty);
            for (int kind = 0; kind < SampleValues.KINDS; kind++) {
                TensorStatistics statistics = sample(kind, detail);
                byte[] bytes = write(statistics);
                TensorStatistics read = read(bytes);
                assertThat(write(read)).isEqualTo(bytes);
                assertThat(read.minimum()).isEqualTo(statistics.minimum());
                assertThat(read.notFinite()).isEqualTo(statistics.notFinite());
                assertThat(read.distribution().meanSquare())
                        .isEqualTo(statistics.distribution().meanSquare());
                // Both go on in the same way.
                read.merge(statistics);
                TensorStatistics twice = sample(kind, detail);
                twice.merge(statistics);
                assertThat(write(read)).isEqualTo(write(twice));
            }
        }
    }

    @Test
    void whatIsCutOffIsRefused() throws IOException {
        byte[] bytes = write(sample(0, ChannelDetail.HISTOGRAMS));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> read(cut)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void changedBytesAreRefusedOrMakeOtherStatistics() throws IOException {
        Random random = new Random(6);
        int refused = 0;
        for (ChannelDetail detail : ChannelDetail.values()) {
            for (int kind = 0; kind < SampleValues.KINDS; kind++) {
                byte[] bytes = write(sample(kind, detail));
                for (int round = 0; round < 60; round++) {
                    byte[] changed = bytes.clone();
                    changed[random.nextInt(changed.length)] = (byte) random.nextInt();
                    try {
                        TensorStatistics read =
                                TensorStatistics.read(
                                        new DataInputStream(new ByteArrayInputStream(changed)));
                        // Consistent, so that it is the same again after writing.
                        assertThat(write(read(write(read)))).isEqualTo(write(read));
                    } catch (StreamCorruptedException e) {
                        assertThat(e).hasMessageStartingWith("statistics: ");
                        refused++;
                    } catch (EOFException e) {
                        refused++;
                    }
                }
            }
        }
        assertThat(refused).isGreaterThan(300);
    }

    @Test
    void falseFieldsAreNamed() throws IOException {
        byte[] none = write(sample(0, ChannelDetail.NONE));
        assertRefused(with(none, 0, 9), "version 1 is expected, got 9");
        assertRefused(with(none, 1, 7), "unknown detail 7");
        // After version, detail and notFinite there is the count: 600 is D8 04.
        assertThat(none[3]).isEqualTo((byte) 0xD8);
        assertRefused(with(none, 3, 0xD9), "601 values are expected in bins, got 600");
        assertRefused(with(none, 3, 0xD7), "599");
        assertRefused(with(none, 5, 0x7F), "two finite ends in order");
        byte[] number = Arrays.copyOf(new byte[] {1, 0}, 20);
        Arrays.fill(number, 2, 20, (byte) 0xFF);
        assertRefused(number, "notFinite is longer than 63 bits");
        // A million channels are claimed, and there is nothing behind.
        byte[] claim = {1, 1, 0, 0, (byte) 0x80, (byte) 0x80, 0x40, 0};
        assertThatThrownBy(() -> read(claim)).isInstanceOf(EOFException.class);
        byte[] tooMany = {1, 1, 0, 0, (byte) 0x81, (byte) 0x80, 0x40, 0};
        assertRefused(tooMany, "channels: at most 1048576 is possible, got 1048577");
        assertRefused(new byte[] {1, 0, 0, 0, 1}, "channels: at most 0");
        assertRefused(new byte[] {1, 1, 3, 0, 0}, "no channels");
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static void assertRefused(byte[] bytes, String message) {
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(StreamCorruptedException.class)
                .hasMessageContaining(message);
    }
}
