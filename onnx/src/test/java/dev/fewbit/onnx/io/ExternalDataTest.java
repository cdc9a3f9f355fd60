package dev.fewbit.onnx.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.TensorReader;
import dev.fewbit.onnx.proto.GraphProto;
import dev.fewbit.onnx.proto.StringStringEntryProto;
import dev.fewbit.onnx.proto.TensorProto;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;

class ExternalDataTest {
    @TempDir Path root;
    private Path folder;
    private Path file;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(root.resolve("models"));
        file = folder.resolve("model.onnx");
        Files.write(root.resolve("secret.bin"), new byte[16]);
    }

    @Test
    void offsetsAndLengthsAreFollowed() throws IOException {
        byte[] data = new byte[64];
        ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putFloat(32, 1.5f).putFloat(36, -2);
        Files.createDirectory(folder.resolve("sub"));
        Files.write(folder.resolve("sub/weights.bin"), data);
        write(
                Map.of(
                        "location",
                        "sub/weights.bin",
                        "offset",
                        "32",
                        "length",
                        "8",
                        "checksum",
                        "abc"));

        Model model = OnnxReader.read(file);

        assertThat(only(model).floats()).containsExactly(1.5f, -2);
        assertThat(model.sourceFiles())
                .containsExactly(file.toAbsolutePath(), folder.resolve("sub/weights.bin"));
    }

    @Test
    void offsetAndLengthMayBeLeftOut() throws IOException {
        Files.write(folder.resolve("w"), new byte[100]);
        write(Map.of("location", "w"));

        assertThat(only(OnnxReader.read(file)).floats()).containsExactly(0, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret.bin",
                "/etc/passwd",
                "sub/../../secret.bin",
                "..",
                "C:\\secret.bin",
                "\\secret.bin",
                "sub\\..\\..\\secret.bin",
                "C:secret.bin"
            })
    void pathsThatLeaveTheFolderAreRefused(String location) throws IOException {
        write(Map.of("location", location));

        assertThat(refused())
                .hasMessageContaining("outside of the model's folder")
                .hasMessageContaining("\"w\"");
    }

    @Test
    void symbolicLinksThatLeaveTheFolderAreRefused() throws IOException {
        Files.createSymbolicLink(folder.resolve("link.bin"), root.resolve("secret.bin"));
        write(Map.of("location", "link.bin"));
        assertThat(refused()).hasMessageContaining("outside of the model's folder");

        Files.createSymbolicLink(folder.resolve("up"), root);
        write(Map.of("location", "up/secret.bin"));
        assertThat(refused()).hasMessageContaining("outside of the model's folder");
    }

    @Test
    void aCacheThatLinksModelAndDataToOneStoreIsFine() throws IOException {
        Path store = Files.createDirectory(root.resolve("store"));
        Files.write(store.resolve("0001"), new byte[8]);
        write(Map.of("location", "model.data"));
        Files.move(file, store.resolve("0002"));
        Files.createSymbolicLink(file, Path.of("../store/0002"));
        Files.createSymbolicLink(folder.resolve("model.data"), Path.of("../store/0001"));

        assertThat(only(OnnxReader.read(file)).floats()).containsExactly(0, 0);
    }

    @Test
    void whatIsMissingOrTooShortIsRefused() throws IOException {
        write(Map.of("location", "missing.bin"));
        assertThat(refused())
                .hasMessageContaining("missing.bin")
                .hasMessageContaining("is missing");

        Files.write(folder.resolve("short.bin"), new byte[8]);
        write(Map.of("location", "short.bin", "offset", "1"));
        assertThat(refused())
                .hasMessageContaining("8 bytes at 1 of")
                .hasMessageContaining("that file has 8 bytes");
        write(Map.of("location", "short.bin", "offset", Long.toString(Long.MAX_VALUE)));
        assertThat(refused()).hasMessageContaining("that file has 8 bytes");
        write(Map.of("location", "short.bin", "offset", "-4"));
        assertThat(refused()).hasMessageContaining("that file has 8 bytes");
        write(Map.of("location", "short.bin", "length", "4"));
        assertThat(refused()).hasMessageContaining("takes 8 bytes");
        write(Map.of("location", "short.bin", "length", "many"));
        assertThat(refused()).hasMessageContaining("unreadable");
        write(Map.of());
        assertThat(refused()).hasMessageContaining("no file name");
        write(Map.of("location", "."));
        assertThat(refused()).hasMessageContaining("not a regular file");
    }

    @Test
    void memoryHasNoFolder() throws IOException {
        write(Map.of("location", "w"));
        byte[] bytes = Files.readAllBytes(file);

        assertThat(catchThrowableOfType(OnnxFormatException.class, () -> OnnxReader.read(bytes)))
                .hasMessageContaining("read from memory");
    }

    /** 5 GB of weights, as a sparse file: offsets beyond 2 and 4 GiB, read in windows. */
    @Test
    void weightsLargerThanTheHeapAreReadInWindows() throws IOException {
        long elements = 1_250_000_000L;
        assertThat(elements * Float.BYTES).isGreaterThan(Runtime.getRuntime().maxMemory());
        try (FileChannel channel =
                FileChannel.open(
                        folder.resolve("big.bin"),
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.SPARSE)) {
            for (long element : new long[] {0, 600_000_001, elements - 1}) {
                ByteBuffer number =
                        ByteBuffer.allocate(4)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putFloat((float) (element % 1000))
                                .flip();
                channel.write(number, 4096 + element * Float.BYTES);
            }
        }
        Files.write(
                file,
                Protos.model(
                                GraphProto.newBuilder()
                                        .setName("g")
                                        .addInitializer(
                                                external(
                                                        Map.of(
                                                                "location",
                                                                "big.bin",
                                                                "offset",
                                                                "4096"),
                                                        1_000_000,
                                                        1250)))
                        .build()
                        .toByteArray());

        Tensor tensor = only(OnnxReader.read(file));

        assertThat(tensor.elementCount()).isEqualTo(elements);
        float[] window = new float[100_000];
        try (TensorReader reader = tensor.reader()) {
            reader.readFloats(600_000_000, window, 1, 99_999);
            assertThat(window).startsWith(0, 0, 1, 0);
            reader.readFloats(elements - 2, window, 99_998, 2);
            assertThat(window).endsWith(0, 999);
        }
        try (java.lang.foreign.Arena arena = java.lang.foreign.Arena.ofConfined()) {
            assertThat(
                            tensor.open(arena)
                                    .get(
                                            java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED,
                                            600_000_001L * 4))
                    .isEqualTo(1);
        }
    }

    @Test
    void aFileThatShrinksAfterwardsIsNoticed() throws IOException {
        Files.write(folder.resolve("w.bin"), new byte[8]);
        write(Map.of("location", "w.bin"));
        Tensor tensor = only(OnnxReader.read(file));
        Files.write(folder.resolve("w.bin"), new byte[4]);

        assertThat(catchThrowableOfType(IOException.class, tensor::floats))
                .hasMessageContaining("has become shorter");
    }

    private OnnxFormatException refused() {
        return catchThrowableOfType(OnnxFormatException.class, () -> OnnxReader.read(file));
    }

    private static Tensor only(Model model) {
        return model.graph().initializers().values().iterator().next();
    }

    private void write(Map<String, String> entries) throws IOException {
        Files.write(
                file,
                Protos.model(
                                GraphProto.newBuilder()
                                        .setName("g")
                                        .addInitializer(external(entries, 2)))
                        .build()
                        .toByteArray());
    }

    private static TensorProto.Builder external(Map<String, String> entries, long... dims) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder()
                        .setName("w")
                        .setDataType(1)
                        .setDataLocation(TensorProto.DataLocation.EXTERNAL);
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        new TreeMap<>(entries)
                .forEach(
                        (key, value) ->
                                tensor.addExternalData(
                                        StringStringEntryProto.newBuilder()
                                                .setKey(key)
                                                .setValue(value)));
        return tensor;
    }
}
