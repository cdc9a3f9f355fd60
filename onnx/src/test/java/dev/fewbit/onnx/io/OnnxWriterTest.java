package dev.fewbit.onnx.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.graph.FillContext;
import dev.fewbit.onnx.graph.Graph;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Pending;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.TensorFiller;
import dev.fewbit.onnx.graph.Value;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

class OnnxWriterTest {
    @TempDir Path folder;

    /** Owns codes and scales of one weight, and writes them in bands from several threads. */
    private static final class BandFiller implements TensorFiller {
        static final int BANDS = 10;
        static final int BAND_BYTES = 50_000;
        final AtomicInteger runs = new AtomicInteger();
        final Pending codes = new Pending((long) BANDS * BAND_BYTES, this);
        final Pending scales = new Pending(BANDS * 4L, this);

        @Override
        public void fill(FillContext context) throws IOException {
            runs.incrementAndGet();
            context.parallel(
                    BANDS,
                    band -> {
                        byte[] bytes = new byte[BAND_BYTES + 2];
                        for (int i = 0; i < BAND_BYTES; i++) {
                            bytes[i + 1] = (byte) (band * 7 + i * i);
                        }
                        context.write(codes, (long) band * BAND_BYTES, bytes, 1, BAND_BYTES);
                        context.write(scales, band * 4L, ByteBuffer.allocate(4).putInt(0, band));
                    });
        }
    }

    private static Model pendingModel(List<BandFiller> fillers) {
        Model model = OnnxModels.empty();
        for (int i = 0; i < 5; i++) {
            BandFiller filler = new BandFiller();
            fillers.add(filler);
            Graph graph = model.graph();
            graph.addInitializer(
                    "codes" + i,
                    new Tensor(
                            ElementType.INT8,
                            new long[] {BandFiller.BANDS, BandFiller.BAND_BYTES},
                            filler.codes));
            graph.addInitializer("ready" + i, Tensor.ofFloats(new long[] {3}, i, 2, 3));
            graph.addInitializer(
                    "scales" + i,
                    new Tensor(ElementType.FLOAT, new long[] {BandFiller.BANDS}, filler.scales));
        }
        return model;
    }

    @Test
    void theBytesDoNotDependOnThreads() throws Exception {
        List<byte[]> results = new ArrayList<>();
        for (int threads : new int[] {1, 2, 4, 13}) {
            List<BandFiller> fillers = new ArrayList<>();
            Path target = folder.resolve("threads" + threads + ".onnx");

            OnnxWriter.write(
                    pendingModel(fillers), target, WriteOptions.defaults().withThreads(threads));

            assertThat(fillers).allSatisfy(filler -> assertThat(filler.runs).hasValue(1));
            results.add(Files.readAllBytes(target));
        }
        assertThat(results).allSatisfy(bytes -> assertThat(bytes).isEqualTo(results.getFirst()));
        assertThat(results.getFirst())
                .isEqualTo(OnnxWriter.toBytes(pendingModel(new ArrayList<>())));
    }

    @Test
    void pendingBytesArriveEmbeddedAndExternal() throws Exception {
        for (long limit : new long[] {0, 1 << 30}) {
            Path target = folder.resolve("limit" + limit + ".onnx");
            OnnxWriter.write(
                    pendingModel(new ArrayList<>()),
                    target,
                    WriteOptions.defaults().withMostEmbeddedBytes(limit));

            Model read = OnnxReader.read(target);

            byte[] codes = tensor(read, "codes3").bytes();
            assertThat(codes[0]).isZero();
            assertThat(codes[BandFiller.BAND_BYTES * 2 + 5]).isEqualTo((byte) (2 * 7 + 25));
            assertThat(tensor(read, "scales3").bytes())
                    .startsWith(0, 0, 0, 0, 0, 0, 0, 1)
                    .endsWith(0, 0, 0, 9);
            assertThat(tensor(read, "ready2").floats()).containsExactly(2, 2, 3);
        }
    }

    @Test
    void largeExternalTensorsStartOnAPage() throws Exception {
        Path target = folder.resolve("aligned.onnx");
        OnnxWriter.write(
                pendingModel(new ArrayList<>()),
                target,
                WriteOptions.defaults().withMostEmbeddedBytes(0));

        assertThat(OnnxReader.read(target).graph().initializers().values())
                .filteredOn(tensor -> tensor.data() instanceof dev.fewbit.onnx.graph.FileRegion)
                .hasSize(5)
                .allSatisfy(
                        tensor ->
                                assertThat(
                                                ((dev.fewbit.onnx.graph.FileRegion) tensor.data())
                                                                .offset()
                                                        % 4096)
                                        .isZero());
    }

    @Test
    void materializeGivesTheSameModelInMemory() throws Exception {
        Model model = pendingModel(new ArrayList<>());
        byte[] expected = OnnxWriter.toBytes(model);

        OnnxWriter.materialize(model, 2);

        assertThat(model.graph().initializers().values())
                .noneMatch(tensor -> tensor.data() instanceof Pending);
        assertThat(OnnxWriter.toBytes(model)).isEqualTo(expected);
    }

    @Test
    void oneResultMayBeUsedByTwoTensors() throws Exception {
        Model model = OnnxModels.empty();
        Pending shared =
                new Pending(
                        2,
                        new TensorFiller() {
                            @Override
                            public void fill(FillContext context) throws IOException {
                                for (Tensor tensor : model.graph().initializers().values()) {
                                    context.write(
                                            (Pending) tensor.data(), 0, new byte[] {5, 6}, 0, 2);
                                    return;
                                }
                            }
                        });
        model.graph().addInitializer("a", new Tensor(ElementType.INT8, new long[] {2}, shared));
        model.graph().addInitializer("b", new Tensor(ElementType.UINT8, new long[] {2}, shared));

        Model read = OnnxReader.read(OnnxWriter.toBytes(model));

        assertThat(tensor(read, "a").bytes()).containsExactly(5, 6);
        assertThat(tensor(read, "b").bytes()).containsExactly(5, 6);
    }

    @Test
    void progressRisesToTheTotal() throws Exception {
        List<Long> heard = new ArrayList<>();
        List<Long> totals = new ArrayList<>();

        OnnxWriter.write(
                pendingModel(new ArrayList<>()),
                folder.resolve("progress.onnx"),
                WriteOptions.defaults()
                        .withMostEmbeddedBytes(0)
                        .withListener(
                                (done, total) -> {
                                    heard.add(done);
                                    totals.add(total);
                                }));

        assertThat(heard).isSorted().doesNotHaveDuplicates();
        assertThat(heard.getLast()).isEqualTo(totals.getFirst());
        assertThat(totals).containsOnly(totals.getFirst());
    }

    @Test
    void fillersThatWriteTooLittleOrTooMuchAreFound() {
        assertFails(
                (context, pending) -> context.write(pending, 0, new byte[3], 0, 3),
                "only 3 of 4 bytes");
        assertFails(
                (context, pending) -> context.write(pending, 1, new byte[4], 0, 4),
                "bytes 1 to 5 of a tensor of 4");
        assertFails(
                (context, pending) -> {
                    context.write(pending, 0, new byte[2], 0, 2);
                    context.write(pending, 2, new byte[2], 0, 2);
                    context.write(pending, 1, new byte[1], 0, 1);
                },
                "for the second time");
        assertFails(
                (context, pending) -> context.write(new Pending(4, _ -> {}), 0, new byte[4], 0, 4),
                "not in the model");
    }

    private interface BadFiller {
        void fill(FillContext context, Pending pending) throws IOException;
    }

    private void assertFails(BadFiller bad, String message) {
        Model model = OnnxModels.empty();
        Pending[] pending = new Pending[1];
        pending[0] = new Pending(4, context -> bad.fill(context, pending[0]));
        model.graph().addInitializer("w", new Tensor(ElementType.INT8, new long[] {4}, pending[0]));
        assertThatThrownBy(
                        () ->
                                OnnxWriter.write(
                                        model, folder.resolve("bad.onnx"), WriteOptions.defaults()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(message);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFailureLeavesNothingBehindAndTheOldFileInPlace() throws Exception {
        Path target = folder.resolve("model.onnx");
        Files.writeString(target, "old");
        Model model = pendingModel(new ArrayList<>());
        model.graph()
                .addInitializer(
                        "broken",
                        Tensor.pending(
                                ElementType.INT8,
                                new long[] {1},
                                _ -> {
                                    throw new IOException("the source is gone");
                                }));

        assertThatThrownBy(
                        () ->
                                OnnxWriter.write(
                                        model,
                                        target,
                                        WriteOptions.defaults().withMostEmbeddedBytes(0)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the source is gone");

        assertThat(target).hasContent("old");
        assertThat(files()).containsExactly("model.onnx");
    }

    @Test
    void inputsAreNeverOverwritten() throws Exception {
        Path source = folder.resolve("source.onnx");
        OnnxWriter.write(
                pendingModel(new ArrayList<>()),
                source,
                WriteOptions.defaults().withMostEmbeddedBytes(0));
        Path symbolic = Files.createSymbolicLink(folder.resolve("symbolic.onnx"), source);
        Path hard = Files.createLink(folder.resolve("hard.onnx"), source);
        Model model = OnnxReader.read(source);

        for (Path target :
                List.of(
                        source,
                        symbolic,
                        hard,
                        folder.resolve("source.onnx.data"),
                        folder.resolve("../" + folder.getFileName() + "/source.onnx"))) {
            assertThat(
                            catchThrowableOfType(
                                    OnnxWriteException.class,
                                    () -> OnnxWriter.write(model, target, WriteOptions.defaults())))
                    .hasMessageContaining("it is the same file as the input");
        }
        // A model whose own data file would replace the input's.
        Path clash = folder.resolve("clash.onnx");
        Files.createLink(folder.resolve("clash.onnx.data"), folder.resolve("source.onnx.data"));
        assertThat(
                        catchThrowableOfType(
                                OnnxWriteException.class,
                                () ->
                                        OnnxWriter.write(
                                                model,
                                                clash,
                                                WriteOptions.defaults().withMostEmbeddedBytes(0))))
                .hasMessageContaining("clash.onnx.data");
        assertThat(tensor(OnnxReader.read(source), "ready2").floats()).containsExactly(2, 2, 3);
    }

    @Test
    void targetsThatCannotBeAreRefused() throws IOException {
        Model model = OnnxModels.empty();
        assertThat(
                        catchThrowableOfType(
                                OnnxWriteException.class,
                                () ->
                                        OnnxWriter.write(
                                                model,
                                                folder.resolve("no/such/folder/m.onnx"),
                                                WriteOptions.defaults())))
                .hasMessageContaining("does not exist");
        assertThat(
                        catchThrowableOfType(
                                OnnxWriteException.class,
                                () -> OnnxWriter.write(model, folder, WriteOptions.defaults())))
                .hasMessageContaining("this is a folder");
    }

    @Test
    void anExistingFileIsReplaced() throws Exception {
        Path target = folder.resolve("model.onnx");
        Files.writeString(target, "old");

        OnnxWriter.write(OnnxModels.empty(), target, WriteOptions.defaults());

        assertThat(OnnxReader.read(target).graph().name()).isEqualTo("g");
        assertThat(files()).containsExactly("model.onnx");
    }

    @Test
    void modelsBeyondTwoGibibytesGetADataFile() {
        Model model = OnnxModels.empty();
        for (int i = 0; i < 3; i++) {
            model.graph()
                    .addInitializer(
                            "w" + i,
                            Tensor.pending(ElementType.FLOAT, new long[] {300_000_000}, _ -> {}));
        }

        OutputLayout embedded = OutputLayout.embedded(model);
        OutputLayout external = OutputLayout.external(model, "m.data");

        assertThat(embedded.modelSize).isGreaterThan(3_600_000_000L);
        assertThat(external.modelSize).isLessThan(1000);
        assertThat(external.externalSize).isGreaterThanOrEqualTo(3_600_000_000L);
        assertThatThrownBy(() -> OnnxWriter.toBytes(model))
                .hasMessageContaining("write it to a file");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static Tensor tensor(Model model, String name) {
        for (Value value : model.graph().initializers().keySet()) {
            if (value.name().equals(name)) {
                return model.graph().initializers().get(value);
            }
        }
        throw new AssertionError("no initializer " + name);
    }
}
