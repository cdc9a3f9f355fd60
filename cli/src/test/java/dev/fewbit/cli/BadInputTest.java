package dev.fewbit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.onnx.graph.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What is said about input that is no good, and that it leaves nothing behind. */
class BadInputTest {

    @TempDir Path folder;

    private Path file(String name) {
        return folder.resolve(name);
    }

    /** Quantizing fails in a readable way, leaves the input alone and no file behind. */
    private String refused(Path model) throws IOException {
        byte[] before = Files.isRegularFile(model) ? Files.readAllBytes(model) : null;
        List<Path> files = files();
        Invocation run =
                Invocation.of("quantize", model, "-o", file("out.onnx")).failed(ExitCode.FAILURE);
        assertThat(files()).isEqualTo(files);
        if (before != null) {
            assertThat(model).hasBinaryContent(before);
        }
        return run.err();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void aMissingFile() throws IOException {
        assertThat(refused(file("missing.onnx"))).contains("missing.onnx");
        for (String command : List.of("inspect", "plan")) {
            assertThat(Invocation.of(command, file("missing.onnx")).failed(ExitCode.FAILURE).err())
                    .contains("missing.onnx");
        }
        Path model = TestModels.transformer(file("model.onnx"));
        assertThat(
                        Invocation.of("compare", model, file("missing.onnx"))
                                .failed(ExitCode.FAILURE)
                                .err())
                .contains("missing.onnx");
    }

    @Test
    void aFolder() throws IOException {
        assertThat(refused(Files.createDirectory(file("folder.onnx")))).contains("folder");
    }

    @Test
    void anEmptyFile() throws IOException {
        assertThat(refused(Files.createFile(file("empty.onnx")))).contains("empty");
    }

    @Test
    void aTextFile() throws IOException {
        Path text = Files.writeString(file("readme.onnx"), "This is not a model.\nIt is a text.\n");
        assertThat(refused(text)).contains("text");
        assertThat(Invocation.of("inspect", text).failed(ExitCode.FAILURE).err()).contains("text");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.1, 0.5, 0.9, 0.999})
    void aTruncatedModel(double share) throws IOException {
        byte[] whole = Files.readAllBytes(TestModels.transformer(file("model.onnx")));
        Path cut =
                Files.write(file("cut.onnx"), Arrays.copyOf(whole, (int) (share * whole.length)));
        assertThat(refused(cut)).contains("cut.onnx");
    }

    @Test
    void aCorruptModelIsEitherReadOrRefusedInWords() throws IOException {
        byte[] whole = Files.readAllBytes(TestModels.transformer(file("model.onnx")));
        java.util.SplittableRandom random = new java.util.SplittableRandom(11);
        for (int round = 0; round < 40; round++) {
            byte[] corrupt = whole.clone();
            // In the structure, not in the weights: those may be any numbers.
            for (int i = 0; i < 3; i++) {
                corrupt[random.nextInt(200)] = (byte) random.nextInt();
            }
            Path model = Files.write(file("corrupt.onnx"), corrupt);
            Invocation run = Invocation.of("quantize", model, "-o", file("out.onnx"));
            assertThat(run.code()).isIn(ExitCode.DONE, ExitCode.FAILURE);
            if (run.code() != ExitCode.DONE) {
                run.failed(ExitCode.FAILURE);
            }
        }
    }

    @Test
    void aModelWithoutWeights() throws IOException {
        Path model = TestModels.withoutWeights(file("bare.onnx"));
        assertThat(refused(model)).contains("nothing to quantize");
        assertThat(Invocation.of("inspect", model).succeeded().out())
                .contains("Nothing can be quantized");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void weightsThatAreNotNumbers(float value) throws IOException {
        float[] values = new float[64 * 64];
        Arrays.fill(values, 0.5f);
        values[1234] = value;
        Path model =
                TestModels.matMul(file("nan.onnx"), Tensor.ofFloats(new long[] {64, 64}, values));
        assertThat(refused(model)).contains("weight").contains("[19, 18]");
        assertThat(Invocation.of("inspect", model).succeeded().out()).contains("weight");
    }

    @Test
    void emptyAndScalarTensorsAreLeftAlone() {
        Path model = TestModels.withOddTensors(file("odd.onnx"));
        Invocation run =
                Invocation.of("quantize", model, "-o", file("out.onnx"), "--verbose").succeeded();
        assertThat(run.out()).contains("1 quantized").contains("scalar", "empty", "no.columns");
        Invocation.of("inspect", model).succeeded();
    }

    @Test
    void constantWeightsCanBeQuantized() {
        for (float value : new float[] {0, 1, -3.5f, 1e-30f, 1e30f}) {
            float[] values = new float[64 * 64];
            Arrays.fill(values, value);
            Path model =
                    TestModels.matMul(
                            file("constant.onnx"), Tensor.ofFloats(new long[] {64, 64}, values));
            Invocation.of("quantize", model, "-o", file("out.onnx")).succeeded();
        }
    }

    @Test
    void missingExternalData() throws IOException {
        Path model = TestModels.withExternalData(file("external.onnx"));
        Invocation.of("quantize", model, "-o", file("out.onnx")).succeeded();
        Files.delete(file("out.onnx"));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path data : files.filter(path -> !path.equals(model)).toList()) {
                Files.delete(data);
            }
        }
        assertThat(refused(model)).contains("external");
    }

    @Test
    void theModelItselfAsOutput() throws IOException {
        Path model = TestModels.transformer(file("model.onnx"));
        byte[] before = Files.readAllBytes(model);
        Path link = Files.createLink(file("link.onnx"), model);
        Path symbolic = Files.createSymbolicLink(file("symbolic.onnx"), model);
        Path roundabout = folder.resolve("..").resolve(folder.getFileName()).resolve("model.onnx");
        for (Path output : List.of(model, link, symbolic, roundabout)) {
            assertThat(Invocation.of("quantize", model, "-o", output).failed(ExitCode.USAGE).err())
                    .contains("is the model itself");
        }
        assertThat(model).hasBinaryContent(before);
    }

    @Test
    void placesThatCannotBeWritten() throws IOException {
        Path model = TestModels.transformer(file("model.onnx"));
        assertThat(
                        Invocation.of("quantize", model, "-o", file("no/such/out.onnx"))
                                .failed(ExitCode.FAILURE)
                                .err())
                .contains("there is no folder", "mkdir -p");
        assertThat(Invocation.of("quantize", model, "-o", folder).failed(ExitCode.USAGE).err())
                .contains("is a folder");
        assertThat(
                        Invocation.of(
                                        "quantize",
                                        model,
                                        "-o",
                                        file("o.onnx"),
                                        "--report",
                                        file("no/r.html"))
                                .failed(ExitCode.FAILURE)
                                .err())
                .contains("--report", "there is no folder");
        assertThat(file("o.onnx")).doesNotExist();
        assertThat(
                        Invocation.of("plan", model, "-o", file("no/plan.yaml"))
                                .failed(ExitCode.FAILURE)
                                .err())
                .contains("there is no folder");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "missing.npz",
                "data.csv",
                "empty.jsonl",
                "wrong.jsonl",
                "broken.jsonl",
                "broken.npz"
            })
    void dataThatDoesNotFit(String name) throws IOException {
        Path model = TestModels.transformer(file("model.onnx"));
        Path small = file("small.onnx");
        Invocation.of("quantize", model, "-o", small).succeeded();
        Files.writeString(file("data.csv"), "1,2,3\n");
        Files.writeString(file("empty.jsonl"), "");
        Files.writeString(file("wrong.jsonl"), "{\"words\": [[1, 2]]}\n");
        Files.writeString(file("broken.jsonl"), "{\"tokens\": [[1, 2\n");
        Files.writeString(file("broken.npz"), "PK not really");
        assertThat(
                        Invocation.of("compare", model, small, "--data", file(name))
                                .failed(ExitCode.FAILURE)
                                .err())
                .contains(name);
    }

    @Test
    void stackTracesOnlyWhenWanted() {
        assertThat(Invocation.of("inspect", file("missing.onnx")).err()).doesNotContain("\tat ");
        assertThat(Invocation.of("inspect", file("missing.onnx"), "--verbose").err())
                .contains("\tat dev.fewbit");
    }

    @Test
    void hostileNamesDoNotReachTheTerminal() {
        Path model = TestModels.transformer(file("model.onnx"));
        dev.fewbit.onnx.graph.Model read;
        try {
            read = dev.fewbit.onnx.io.OnnxReader.read(model);
            read.graph().initializers().keySet().iterator().next().setName("evil\u001b[2J\nname");
            dev.fewbit.onnx.io.OnnxWriter.write(
                    read, file("evil.onnx"), dev.fewbit.onnx.io.WriteOptions.defaults());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        for (Object[] line :
                List.of(
                        new Object[] {"inspect", file("evil.onnx")},
                        new Object[] {
                            "quantize", file("evil.onnx"), "-o", file("o.onnx"), "--verbose"
                        },
                        new Object[] {"plan", file("evil.onnx")})) {
            Invocation run = Invocation.of(line).succeeded();
            assertThat(run.out()).doesNotContain("\u001b").contains("evil\\u001b");
        }
    }
}
