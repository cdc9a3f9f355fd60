package dev.fewbit.runtime.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.plan.Preparation;
import dev.fewbit.core.statistics.ChannelDetail;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;

class StatisticsFileTest {

    private static final int HASH = 32;
    private static final int HEADER = 8 + 4;

    @TempDir private Path folder;
    private Path file;
    private byte[] good;

    private static Statistics statistics() {
        return new Statistics(
                "00ff".repeat(16),
                List.of(Preparation.FOLD_CONSTANTS, Preparation.FOLD_BATCH_NORM),
                12,
                Map.of(
                        "plain",
                                StatisticsTest.of(ChannelDetail.NONE, 1, 0, 1, -2, 3.5f, Float.NaN),
                        "nothing", StatisticsTest.of(ChannelDetail.RANGES, 1),
                        "ranges/ä", StatisticsTest.of(ChannelDetail.RANGES, 2, 1, 2, 3, 4),
                        "counts", StatisticsTest.of(ChannelDetail.HISTOGRAMS, 2, 1, 2, 3, 1e20f)),
                List.of("of no consequence"));
    }

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("statistics");
        StatisticsFile.write(file, statistics());
        good = Files.readAllBytes(file);
    }

    private void assertRefused(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        assertThatThrownBy(() -> StatisticsFile.read(file))
                .isInstanceOf(CalibrationException.class)
                .hasMessageStartingWith(file.toString());
    }

    /** The same content with a checksum that fits. */
    private static byte[] signed(byte[] bytes) throws Exception {
        byte[] signed = bytes.clone();
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(signed, 0, signed.length - HASH);
        System.arraycopy(digest.digest(), 0, signed, signed.length - HASH, HASH);
        return signed;
    }

    private static byte[] contentOf(byte[] file) throws Exception {
        Inflater inflater = new Inflater();
        inflater.setInput(file, HEADER, file.length - HEADER - Long.BYTES - HASH);
        byte[] content =
                new byte[(int) ByteBuffer.wrap(file).getLong(file.length - HASH - Long.BYTES)];
        assertThat(inflater.inflate(content)).isEqualTo(content.length);
        inflater.end();
        return content;
    }

    /** A file with a content, its length and a checksum that fits. */
    private byte[] withContent(byte[] content, long stated) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(good, 0, HEADER);
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(bytes)) {
            deflated.write(content);
        }
        bytes.write(ByteBuffer.allocate(Long.BYTES).putLong(stated).array());
        bytes.write(new byte[HASH]);
        return signed(bytes.toByteArray());
    }

    @Test
    void givesBackWhatWasWritten() throws IOException {
        Statistics read = StatisticsFile.read(file);
        CalibrationTest.assertSame(read, statistics());
        assertThat(read.modelSha256()).isEqualTo(statistics().modelSha256());
        assertThat(read.preparations()).isEqualTo(statistics().preparations());
        assertThat(read.warnings())
                .containsExactly(
                        "value 'plain': 1 elements are NaN or infinite; they are left out of its"
                                + " statistics");
        Path again = folder.resolve("again");
        StatisticsFile.write(again, read);
        assertThat(Files.readAllBytes(again)).isEqualTo(good);
    }

    @Test
    void takesTheFullContentOrNone() throws IOException {
        for (int length = 0; length < good.length; length += length < 200 ? 1 : 37) {
            assertRefused(Arrays.copyOf(good, length));
        }
        assertRefused(Arrays.copyOf(good, good.length + 1));
    }

    @Test
    void noticesEveryChangedByte() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < good.length; i += i < 200 ? 1 : 37) {
            byte[] bad = good.clone();
            bad[i] ^= (byte) (1 << random.nextInt(8));
            assertRefused(bad);
        }
    }

    @Test
    void survivesContentMadeToDeceive() throws Exception {
        SplittableRandom random = new SplittableRandom(4);
        byte[] content = contentOf(good);
        for (int round = 0; round < 1000; round++) {
            byte[] bad = content.clone();
            change(bad, 0, bad.length, random);
            if (random.nextInt(4) == 0) {
                bad = Arrays.copyOf(bad, random.nextInt(bad.length));
            }
            assertReadOrRefused(withContent(bad, bad.length), round);
        }
    }

    @Test
    void survivesCompressionMadeToDeceive() throws Exception {
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 1000; round++) {
            byte[] bad = good.clone();
            change(bad, HEADER, bad.length - HASH, random);
            if (random.nextInt(4) == 0) {
                bad = Arrays.copyOf(bad, random.nextInt(HEADER + HASH, bad.length));
            }
            assertReadOrRefused(signed(bad), round);
        }
        byte[] content = contentOf(good);
        long[] lengths = {-1, 0, content.length - 1, content.length + 1, 1L << 40, Long.MIN_VALUE};
        for (long length : lengths) {
            assertRefused(withContent(content, length));
        }
        assertRefused(withContent(Arrays.copyOf(content, content.length + 1), content.length));
    }

    private static void change(byte[] bytes, int from, int end, SplittableRandom random) {
        for (int change = random.nextInt(1, 4); change > 0; change--) {
            int at = random.nextInt(from, end);
            if (random.nextBoolean() && at + 4 <= end) {
                int[] nasty = {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0, 1 << 24};
                ByteBuffer.wrap(bytes).putInt(at, nasty[random.nextInt(nasty.length)]);
            } else {
                bytes[at] = (byte) random.nextInt();
            }
        }
    }

    private void assertReadOrRefused(byte[] bytes, int round) throws IOException {
        Files.write(file, bytes);
        assertThatCode(
                        () -> {
                            try {
                                StatisticsFile.read(file);
                            } catch (CalibrationException refused) {
                                assertThat(refused).hasMessageStartingWith(file.toString());
                            }
                        })
                .as("round %d", round)
                .doesNotThrowAnyException();
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        assertThatThrownBy(() -> StatisticsFile.read(folder.resolve("missing")))
                .isInstanceOf(CalibrationException.class)
                .hasMessageContaining("there is no such file");
        Files.writeString(file, "PK, and then some");
        assertThatThrownBy(() -> StatisticsFile.read(file))
                .isInstanceOf(CalibrationException.class)
                .hasMessageContaining("no file of calibration statistics");
        byte[] newer = good.clone();
        newer[11] = 3;
        Files.write(file, signed(newer));
        assertThatThrownBy(() -> StatisticsFile.read(file))
                .isInstanceOf(CalibrationException.class)
                .hasMessageContaining("version 3, this Fewbit reads version 2");
        Files.write(file, Arrays.copyOf(good, good.length - 1));
        assertThatThrownBy(() -> StatisticsFile.read(file))
                .isInstanceOf(CalibrationException.class)
                .hasMessageContaining("damaged or incomplete");
        byte[] unknown = contentOf(good);
        int label = new String(unknown, StandardCharsets.ISO_8859_1).indexOf("fold");
        unknown[label] = 'm';
        Files.write(file, withContent(unknown, unknown.length));
        assertThatThrownBy(() -> StatisticsFile.read(file))
                .isInstanceOf(CalibrationException.class)
                .hasMessageContaining("unknown preparation 'mold-constants'");
    }

    @Test
    void leavesNothingBehindWhenWritingFails() throws IOException {
        Path target = folder.resolve("a folder");
        Files.createDirectory(target);
        assertThatThrownBy(() -> StatisticsFile.write(target, statistics()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("that is a folder");
        assertThatThrownBy(() -> StatisticsFile.write(folder.resolve("no/where"), statistics()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no folder");
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactlyInAnyOrder(file, target);
        }
    }
}
