package dev.fewbit.onnx.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

/**
 * Damaged models are read or refused with an {@link OnnxFormatException}; nothing else ever comes
 * out.
 */
class ReaderFuzzTest {
    private static final int ROUNDS = 20_000;

    @TempDir Path folder;

    @Test
    void damagedModelsAreReadOrRefused() throws Exception {
        // Without most of the large payloads, so that mutations hit structure.
        byte[] original =
                Protos.rich().toBuilder()
                        .setGraph(
                                Protos.rich().getGraph().toBuilder()
                                        .removeInitializer(0)
                                        .setNode(
                                                0,
                                                Protos.node(
                                                        "MatMul",
                                                        java.util.List.of("x", "default"),
                                                        java.util.List.of("product")))
                                        .setNode(
                                                2,
                                                Protos.rich().getGraph().getNode(2).toBuilder()
                                                        .removeAttribute(8)))
                        .build()
                        .toByteArray();
        assertThat(OnnxReader.read(original).graph().nodes()).hasSize(4);
        Random random = new Random(7);
        int read = 0;
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] damaged = mutate(original, random);
            try {
                OnnxWriter.toBytes(OnnxReader.read(damaged));
                read++;
            } catch (OnnxFormatException e) {
                refused++;
            } catch (Throwable e) {
                fail("round " + round + ", bytes " + HexFormat.of().formatHex(damaged), e);
            }
        }
        // Both kinds of outcome have to occur for the test to mean something.
        assertThat(read).isGreaterThan(ROUNDS / 100);
        assertThat(refused).isGreaterThan(ROUNDS / 100);
    }

    @Test
    void damagedFilesGiveTheSameOutcomeAsDamagedBytes() throws Exception {
        byte[] original = Protos.rich().toByteArray();
        Path file = folder.resolve("damaged.onnx");
        Random random = new Random(11);
        for (int round = 0; round < 500; round++) {
            byte[] damaged = mutate(original, random);
            Files.write(file, damaged);
            assertThat(outcome(() -> OnnxWriter.toBytes(OnnxReader.read(file))))
                    .as("round %d", round)
                    .isEqualTo(outcome(() -> OnnxWriter.toBytes(OnnxReader.read(damaged))));
        }
    }

    private interface Reading {
        byte[] run() throws Exception;
    }

    private static String outcome(Reading reading) throws Exception {
        try {
            return HexFormat.of().formatHex(reading.run());
        } catch (OnnxFormatException e) {
            // External data needs a folder, which bytes do not have.
            return e.reason().contains("external") ? "external" : e.reason();
        }
    }

    private static byte[] mutate(byte[] original, Random random) {
        byte[] bytes = original.clone();
        for (int count = 1 + random.nextInt(4); count > 0 && bytes.length > 1; count--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes[at] += (byte) (random.nextBoolean() ? 1 : -1);
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                case 4 -> bytes = replace(bytes, at, 0, random.nextInt(8), random);
                default ->
                        bytes =
                                replace(
                                        bytes,
                                        at,
                                        Math.min(random.nextInt(16), bytes.length - at),
                                        0,
                                        random);
            }
        }
        return bytes;
    }

    private static byte[] replace(byte[] bytes, int at, int removed, int inserted, Random random) {
        byte[] fresh = new byte[inserted];
        random.nextBytes(fresh);
        byte[] result = new byte[bytes.length - removed + inserted];
        System.arraycopy(bytes, 0, result, 0, at);
        System.arraycopy(fresh, 0, result, at, inserted);
        System.arraycopy(bytes, at + removed, result, at + inserted, bytes.length - at - removed);
        return result;
    }
}
