package dev.fewbit.onnx.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;

import dev.fewbit.onnx.proto.AttributeProto;
import dev.fewbit.onnx.proto.FunctionProto;
import dev.fewbit.onnx.proto.GraphProto;
import dev.fewbit.onnx.proto.ModelProto;
import dev.fewbit.onnx.proto.NodeProto;
import dev.fewbit.onnx.proto.OperatorSetIdProto;
import dev.fewbit.onnx.proto.StringStringEntryProto;
import dev.fewbit.onnx.proto.TensorProto;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

class BadInputTest {
    @TempDir Path folder;

    static Stream<Arguments> foreignFiles() throws IOException {
        return Stream.of(
                Arguments.of("a web page", ascii("<!DOCTYPE html>\n<html><body>404</body></html>")),
                Arguments.of("a web page", ascii("\n<html lang=\"en\">")),
                Arguments.of("a text file", ascii("Hello, this is a model.\n")),
                Arguments.of("a text file", ascii("{\"error\": \"not found\"}")),
                Arguments.of("a text file", "Modelle für Sätze".getBytes(StandardCharsets.UTF_8)),
                Arguments.of(
                        "a git-lfs pointer",
                        ascii(
                                """
                                version https://git-lfs.github.com/spec/v1
                                oid sha256:00
                                size 90387606
                                """)),
                Arguments.of("a zip archive", zip("model.onnx")),
                Arguments.of("a PyTorch file", zip("archive/data.pkl")),
                Arguments.of("a gzip archive", gzip()),
                Arguments.of("a Python pickle", new byte[] {(byte) 0x80, 2, 'c', 'o'}),
                Arguments.of(
                        "a Keras (HDF5) file", new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n'}),
                Arguments.of("a TensorFlow Lite file", ascii("\u001c\0\0\0TFL3")),
                Arguments.of("a GGUF file", ascii("GGUF\u0003\0\0\0")),
                Arguments.of(
                        "a NumPy array", new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}),
                Arguments.of(
                        "a safetensors file",
                        ascii("@\0\0\0\0\0\0\0{\"weight\":{\"dtype\":\"F32\"")),
                Arguments.of("a model in ORT format", ascii("\u0010\0\0\0ORTM\0")));
    }

    @ParameterizedTest
    @MethodSource("foreignFiles")
    void foreignFilesAreNamed(String what, byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("model.onnx"), bytes);

        OnnxFormatException fromFile = refused(file);
        OnnxFormatException fromMemory =
                catchThrowableOfType(OnnxFormatException.class, () -> OnnxReader.read(bytes));

        assertThat(fromFile).hasMessageContaining(what).hasMessageContaining("not an ONNX model");
        assertThat(fromFile.path()).contains(file.toAbsolutePath());
        assertThat(fromFile.advice()).isNotBlank();
        assertThat(fromMemory.reason()).isEqualTo(fromFile.reason());
    }

    @Test
    void missingFileFolderAndEmptyFile() throws IOException {
        assertThat(refused(folder.resolve("nothing.onnx"))).hasMessageContaining("no such file");
        assertThat(refused(folder)).hasMessageContaining("folder");
        assertThat(refused(Files.createFile(folder.resolve("empty.onnx"))))
                .hasMessageContaining("empty");
    }

    @Test
    void truncationAnywhereIsNoticed() throws IOException {
        byte[] whole = OnnxWriter.toBytes(OnnxReader.read(Protos.rich().toByteArray()));
        Path file = folder.resolve("cut.onnx");
        // The graph comes last in a written file, so every shorter prefix lacks a part of it.
        for (int length = 1; length < whole.length; length += 1 + length / 50) {
            Files.write(file, Arrays.copyOf(whole, length));
            int cut = length;
            assertThat(refused(file)).as("cut at %d", cut).hasMessageContaining(file.toString());
        }
    }

    @Test
    void tensorSizesAndShapesAreChecked() {
        assertRefused(
                Protos.raw("w", TensorProto.DataType.FLOAT, new byte[12], 4),
                "takes 16 bytes, but has 12");
        assertRefused(
                Protos.raw("w", TensorProto.DataType.INT4, new byte[3], 4),
                "takes 2 bytes, but has 3");
        assertRefused(
                Protos.raw("w", TensorProto.DataType.FLOAT, new byte[12], -3),
                "negative dimension");
        assertRefused(
                Protos.raw("w", TensorProto.DataType.FLOAT, new byte[0], 1L << 40, 1L << 40),
                "can be counted");
        assertRefused(
                Protos.floats("w", 1, 2).addDims(2), "takes 4 entries in FLOAT_DATA, but has 2");
        assertRefused(Protos.floats("w", 1).clearFloatData(), "has no elements");
        assertRefused(
                Protos.floats("w", 1).setRawData(ByteString.copyFrom(new byte[4])),
                "more than one field");
        assertRefused(
                Protos.floats("w", 1).setDataType(7),
                "should have its elements in raw_data or INT64_DATA");
        assertRefused(Protos.floats("w", 1).setDataType(0), "no element type");
        assertRefused(Protos.floats("w", 1).setDataType(99), "unknown element type 99");
        assertRefused(
                Protos.raw("w", TensorProto.DataType.STRING, new byte[3], 1), "holds strings");
    }

    @Test
    void graphsAreChecked() {
        assertRefused(
                graph().addInitializer(Protos.floats("w", 1)).addInitializer(Protos.floats("w", 1)),
                "two initializers \"w\"");
        assertRefused(
                graph().addNode(Protos.node("Relu", List.of("nowhere"), List.of("y"))),
                "\"nowhere\" is used by Relu");
        assertRefused(
                graph().addOutput(Protos.tensorInfo("nowhere", TensorProto.DataType.FLOAT)),
                "\"nowhere\" is used by the outputs");
        assertRefused(
                graph().addNode(Protos.node("Relu", List.of(), List.of("y")))
                        .addNode(Protos.node("Relu", List.of(), List.of("y"))),
                "\"y\" of graph \"g\" is defined twice");
        assertRefused(
                graph().addNode(Protos.node("A", List.of("b"), List.of("a")))
                        .addNode(Protos.node("B", List.of("a"), List.of("b"))),
                "cycle");
        assertRefused(graph().addNode(Protos.node("", List.of(), List.of("y"))), "has no operator");
        AttributeProto axis =
                AttributeProto.newBuilder()
                        .setName("axis")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(1)
                        .build();
        assertRefused(
                graph().addNode(
                                Protos.node("Softmax", List.of(), List.of("y"))
                                        .addAttribute(axis)
                                        .addAttribute(axis)),
                "two attributes \"axis\"");
        assertRefused(
                graph().addNode(
                                NodeProto.newBuilder()
                                        .setOpType("X")
                                        .addAttribute(AttributeProto.newBuilder())),
                "attribute has no name");
    }

    @Test
    void modelsAreChecked() {
        assertRefused(
                ModelProto.newBuilder().setIrVersion(8).setProducerName("p").build(), "no graph");
        ModelProto.Builder model = Protos.model(graph());
        assertRefused(
                model.clone().setIrVersion(14).build(),
                "expected an IR version from 3 to 13, got 14");
        assertRefused(
                model.clone().setIrVersion(2).build(),
                "expected an IR version from 3 to 13, got 2");
        assertRefused(model.clone().clearIrVersion().build(), "does not state its IR version");
        assertRefused(model.clone().clearOpsetImport().build(), "imports no operator set");
        assertRefused(
                model.clone().setOpsetImport(0, opset("", 6)).build(),
                "expected an opset from 7 to 26, got 6");
        assertRefused(model.clone().setOpsetImport(0, opset("ai.onnx", 27)).build(), "got 27");
        assertRefused(model.clone().addOpsetImport(opset("ai.onnx", 21)).build(), "imported twice");
    }

    @Test
    void nestingIsLimited() {
        // Encoded by hand, because the official implementation has a nesting limit of its own.
        ByteString graph = graph().build().toByteString();
        for (int depth = 0; depth < 200; depth++) {
            ByteString attribute = ByteString.copyFromUtf8("\n\001b").concat(field(6, graph));
            ByteString node = ByteString.copyFromUtf8("\"\002If").concat(field(5, attribute));
            graph = field(1, node);
        }
        ByteString header = Protos.model(graph()).clearGraph().build().toByteString();
        byte[] bytes = header.concat(field(7, graph)).toByteArray();

        assertThat(catchThrowableOfType(OnnxFormatException.class, () -> OnnxReader.read(bytes)))
                .hasMessageContaining("nested more than 32 deep");
    }

    @Test
    void deepGroupsAreSkippedWithoutRecursion() throws IOException {
        byte[] groups = new byte[200_000];
        Arrays.fill(groups, 0, 100_000, (byte) (15 << 3 | 3));
        Arrays.fill(groups, 100_000, 200_000, (byte) (15 << 3 | 4));
        byte[] model =
                Protos.model(graph())
                        .build()
                        .toByteString()
                        .concat(ByteString.copyFrom(groups))
                        .toByteArray();

        byte[] written = OnnxWriter.toBytes(OnnxReader.read(model));

        assertThat(written).hasSize(model.length);
    }

    @Test
    void hugeLengthsAreRefusedBeforeAllocation() {
        byte[] header = Protos.model(graph()).clearGraph().build().toByteArray();
        for (byte[] length :
                new byte[][] {
                    {-1, -1, -1, -1, 7},
                    {-1, -1, -1, -1, -1, -1, -1, -1, 127},
                    {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1}
                }) {
            byte[] bytes =
                    ByteString.copyFrom(header)
                            .concat(ByteString.copyFrom(new byte[] {0x3A}))
                            .concat(ByteString.copyFrom(length))
                            .toByteArray();
            assertThat(
                            catchThrowableOfType(
                                    OnnxFormatException.class, () -> OnnxReader.read(bytes)))
                    .hasMessageContaining("are left in the message around it");
        }
    }

    @Test
    void aFileThatWouldFillTheHeapIsRefused() {
        // Each of these nodes takes five bytes in the file and about a hundred times as many in
        // memory.
        byte[] node = {0x0A, 3, 0x22, 1, 'X'};
        int count = (int) (Runtime.getRuntime().maxMemory() / 500);
        byte[] graph = new byte[node.length * count];
        for (int i = 0; i < graph.length; i++) {
            graph[i] = node[i % node.length];
        }
        ByteString header = Protos.model(graph()).clearGraph().build().toByteString();
        byte[] bytes = header.concat(field(7, ByteString.copyFrom(graph))).toByteArray();

        assertThat(catchThrowableOfType(OnnxFormatException.class, () -> OnnxReader.read(bytes)))
                .hasMessageContaining("more than the memory allows");
    }

    @Test
    void externalDataInFunctionsIsRefused() {
        TensorProto external =
                TensorProto.newBuilder()
                        .setDataType(1)
                        .addDims(1)
                        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(
                                StringStringEntryProto.newBuilder()
                                        .setKey("location")
                                        .setValue("weights.bin"))
                        .build();
        ModelProto model =
                Protos.model(graph())
                        .addFunctions(
                                FunctionProto.newBuilder()
                                        .setName("F")
                                        .addNode(
                                                Protos.node("Constant", List.of(), List.of("c"))
                                                        .addAttribute(
                                                                AttributeProto.newBuilder()
                                                                        .setName("value")
                                                                        .setType(
                                                                                AttributeProto
                                                                                        .AttributeType
                                                                                        .TENSOR)
                                                                        .setT(external))))
                        .build();

        assertRefused(model, "the function F keeps tensors in external data");
    }

    private OnnxFormatException refused(Path file) {
        return catchThrowableOfType(OnnxFormatException.class, () -> OnnxReader.read(file));
    }

    private static void assertRefused(TensorProto.Builder tensor, String reason) {
        assertRefused(graph().addInitializer(tensor), reason);
    }

    private static void assertRefused(GraphProto.Builder graph, String reason) {
        assertRefused(Protos.model(graph).build(), reason);
    }

    private static void assertRefused(ModelProto model, String reason) {
        assertThat(
                        catchThrowableOfType(
                                OnnxFormatException.class,
                                () -> OnnxReader.read(model.toByteArray())))
                .hasMessageContaining(reason);
    }

    private static GraphProto.Builder graph() {
        return GraphProto.newBuilder().setName("g");
    }

    private static OperatorSetIdProto opset(String domain, long version) {
        return OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version).build();
    }

    private static ByteString field(int number, ByteString message) {
        return com.google.protobuf.UnknownFieldSet.newBuilder()
                .addField(
                        number,
                        com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(message)
                                .build())
                .build()
                .toByteString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] zip(String entry) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(entry));
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(1);
        }
        return bytes.toByteArray();
    }
}
