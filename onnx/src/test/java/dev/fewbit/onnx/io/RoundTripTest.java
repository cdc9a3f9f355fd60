package dev.fewbit.onnx.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import dev.fewbit.onnx.graph.FileRegion;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.proto.ModelProto;
import dev.fewbit.onnx.proto.TensorProto;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

class RoundTripTest {
    @TempDir Path folder;

    @Test
    void everythingSurvivesInMemory() throws Exception {
        ModelProto original = Protos.rich();

        byte[] written = OnnxWriter.toBytes(OnnxReader.read(original.toByteArray()));

        assertThat(CanonicalProtos.of(ModelProto.parseFrom(written)))
                .isEqualTo(CanonicalProtos.of(original));
    }

    @Test
    void everythingSurvivesThroughFiles() throws Exception {
        Path file = folder.resolve("model.onnx");
        Files.write(file, Protos.rich().toByteArray());
        Model model = OnnxReader.read(file);
        Path copy = folder.resolve("copy.onnx");

        WrittenFiles files = OnnxWriter.write(model, copy, WriteOptions.defaults());

        ModelProto written = ModelProto.parseFrom(Files.readAllBytes(copy));
        assertThat(CanonicalProtos.of(written)).isEqualTo(CanonicalProtos.of(Protos.rich()));
        assertThat(files.modelBytes()).isEqualTo(Files.size(copy));
        assertThat(files.externalData()).isNull();
    }

    @Test
    void writingTwiceGivesTheSameBytes() throws Exception {
        byte[] once = OnnxWriter.toBytes(OnnxReader.read(Protos.rich().toByteArray()));

        assertThat(OnnxWriter.toBytes(OnnxReader.read(once))).isEqualTo(once);
    }

    @Test
    void everythingSurvivesThroughExternalData() throws Exception {
        Path file = folder.resolve("external.onnx");
        Model model = OnnxReader.read(Protos.rich().toByteArray());

        WrittenFiles files =
                OnnxWriter.write(model, file, WriteOptions.defaults().withMostEmbeddedBytes(0));

        assertThat(files.externalData())
                .isEqualTo(folder.resolve("external.onnx.data").toAbsolutePath());
        assertThat(files.externalDataBytes())
                .isEqualTo(40_000)
                .isEqualTo(Files.size(files.externalData()));
        TensorProto weight =
                ModelProto.parseFrom(Files.readAllBytes(file)).getGraph().getInitializer(0);
        assertThat(weight.getDataLocation()).isEqualTo(TensorProto.DataLocation.EXTERNAL);
        assertThat(weight.hasRawData()).isFalse();
        byte[] embeddedAgain = OnnxWriter.toBytes(OnnxReader.read(file));
        assertThat(CanonicalProtos.of(ModelProto.parseFrom(embeddedAgain)))
                .isEqualTo(CanonicalProtos.of(Protos.rich()));
    }

    @Test
    void typedTensorsBecomeRawOnlyInExternalData() throws Exception {
        int count = 5000;
        TensorProto.Builder typed =
                TensorProto.newBuilder().setName("typed").setDataType(6).addDims(count);
        for (int i = 0; i < count; i++) {
            typed.addInt32Data(-i);
        }
        ModelProto.Builder proto = Protos.rich().toBuilder();
        proto.getGraphBuilder().addInitializer(typed.setName("many"));
        Path source = folder.resolve("typed.onnx");
        Files.write(source, proto.build().toByteArray());

        byte[] embedded = OnnxWriter.toBytes(OnnxReader.read(source));
        OnnxWriter.write(
                OnnxReader.read(source),
                folder.resolve("out.onnx"),
                WriteOptions.defaults().withMostEmbeddedBytes(0));

        assertThat(CanonicalProtos.of(ModelProto.parseFrom(embedded)))
                .isEqualTo(CanonicalProtos.of(proto.build()));
        Model external = OnnxReader.read(folder.resolve("out.onnx"));
        Tensor many = initializer(external, "many");
        assertThat(many.data()).isInstanceOf(FileRegion.class);
        assertThat(many.longs()).hasSize(count).startsWith(0, -1, -2).endsWith(1 - count);
    }

    @Test
    void largeWeightsStayInTheFile() throws Exception {
        Path file = folder.resolve("model.onnx");
        Files.write(file, Protos.rich().toByteArray());

        Tensor weight = initializer(OnnxReader.read(file), "weight");

        byte[] expected = Protos.rich().getGraph().getInitializer(0).getRawData().toByteArray();
        assertThat(weight.data()).isInstanceOf(FileRegion.class);
        assertThat(weight.bytes()).isEqualTo(expected);
    }

    @Test
    void unpackedAndSplitTypedFieldsMeanTheSame() throws Exception {
        // float_data as two packed runs with an unpacked one between them, as proto2 allows.
        ByteString tensor =
                TensorProto.newBuilder()
                        .setName("w")
                        .setDataType(1)
                        .addDims(4)
                        .build()
                        .toByteString()
                        .concat(TensorProto.newBuilder().addFloatData(1).build().toByteString())
                        .concat(ByteString.copyFrom(new byte[] {4 << 3 | 5, 0, 0, 0, 0x40}))
                        .concat(
                                TensorProto.newBuilder()
                                        .addFloatData(3)
                                        .addFloatData(4)
                                        .build()
                                        .toByteString());
        ModelProto proto =
                Protos.model(
                                dev.fewbit.onnx.proto.GraphProto.newBuilder()
                                        .setName("g")
                                        .addInitializer(TensorProto.parseFrom(tensor)))
                        .build();
        // Assembled by hand, because the official writer would pack the run again.
        byte[] graph = concat(new byte[] {0x2A, (byte) tensor.size()}, tensor.toByteArray());
        byte[] model =
                concat(
                        proto.toBuilder().clearGraph().build().toByteArray(),
                        concat(new byte[] {0x3A, (byte) graph.length}, graph));

        Model read = OnnxReader.read(model);

        assertThat(initializer(read, "w").floats()).containsExactly(1, 2, 3, 4);
        assertThat(
                        ModelProto.parseFrom(OnnxWriter.toBytes(read))
                                .getGraph()
                                .getInitializer(0)
                                .getFloatDataList())
                .containsExactly(1f, 2f, 3f, 4f);
    }

    @Test
    void randomModelsSurvive() throws Exception {
        Random random = new Random(20240607);
        for (int round = 0; round < 200; round++) {
            ModelProto original = RandomModels.next(random);

            byte[] written = OnnxWriter.toBytes(OnnxReader.read(original.toByteArray()));

            assertThat(CanonicalProtos.of(ModelProto.parseFrom(written)))
                    .as("round %d", round)
                    .isEqualTo(CanonicalProtos.of(original));
        }
    }

    @Test
    void editsAreWritten() throws Exception {
        Model model = OnnxReader.read(Protos.rich().toByteArray());
        Node first = model.graph().nodes().getFirst();
        Value product = first.onlyOutput();
        Node scale =
                new Node(
                        "Mul",
                        model.graph().freshName("scale"),
                        product,
                        model.graph()
                                .addInitializer(
                                        model.graph().freshName("factor"),
                                        Tensor.ofFloats(new long[0], 2)));
        scale.addOutput(model.graph().freshName("product"));
        model.graph().insertAfter(first, scale);
        model.graph().replaceAllUses(product, scale.onlyOutput());
        model.putMetadata("author", "me");
        model.setOpset("ai.onnx", 22);
        model.graph().verify();

        ModelProto written = ModelProto.parseFrom(OnnxWriter.toBytes(model));

        assertThat(written.getGraph().getNode(1).getInputList())
                .containsExactly("product", "factor");
        assertThat(written.getGraph().getNode(1).getOutput(0)).isEqualTo("product_1");
        assertThat(written.getGraph().getNode(2).getInput(0)).isEqualTo("product_1");
        assertThat(written.getMetadataProps(0).getValue()).isEqualTo("me");
        assertThat(written.getMetadataProps(0).getUnknownFields())
                .isEqualTo(Protos.unknown("author"));
        assertThat(written.getOpsetImport(0).getVersion()).isEqualTo(22);
    }

    private static Tensor initializer(Model model, String name) {
        return model.graph().initializers().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] all = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
