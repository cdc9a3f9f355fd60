package dev.fewbit.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.runtime.TestModels;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;
import dev.fewbit.runtime.data.Sample;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class ModelSessionTest {

    private static final SessionSettings ONE_THREAD = SessionSettings.withThreads(1);

    /** |sum of 32 products of 16-term sums| here stays under 2^7, and float has 24 bits. */
    private static final double ROUNDING = 0x1p-13;

    @TempDir private Path folder;

    private static Sample sample(float... row) {
        return new Sample(
                0, Map.of("x", NumberArray.ofFloats(row, 1, row.length)), Optional.empty());
    }

    private static void assertComputes(ModelSession session) {
        float[] row = TestModels.weights(TestModels.INPUTS, 77, 0);
        NumberArray logits = session.run(sample(row)).get("logits");
        double[] expected = TestModels.perceptronLogits(row, 0);
        assertThat(logits.shape()).containsExactly(1, expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(logits.doubleAt(i)).isCloseTo(expected[i], within(ROUNDING));
        }
    }

    @Test
    void runsAFile() throws IOException {
        Path file = TestModels.perceptron(folder.resolve("m.onnx"), 0);
        try (ModelSession session = ModelSession.open(file, ONE_THREAD)) {
            assertThat(session.inputs().describe()).isEqualTo("x float32[batch, 16]");
            assertThat(session.outputs()).hasSize(1);
            assertThat(session.outputs().getFirst().type()).hasValue(NumberType.FLOAT32);
            assertComputes(session);
        }
    }

    @Test
    void runsBytesOfTheHeapAndDirectOnes() throws IOException {
        byte[] bytes = Files.readAllBytes(TestModels.perceptron(folder.resolve("m.onnx"), 0));
        try (ModelSession session =
                ModelSession.open("memory", ByteBuffer.wrap(bytes), ONE_THREAD)) {
            assertComputes(session);
        }
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        try (ModelSession session = ModelSession.open("memory", direct, ONE_THREAD)) {
            assertComputes(session);
        }
    }

    @Test
    void findsExternalDataFromFileAndFromMemory() throws IOException {
        Path file = TestModels.perceptronWithExternalData(folder.resolve("m.onnx"), 0);
        assertThat(Files.size(file)).isLessThan(2000);
        try (ModelSession session = ModelSession.open(file, ONE_THREAD)) {
            assertComputes(session);
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        try (ModelSession session =
                ModelSession.open("memory", bytes, ONE_THREAD.externalDataIn(folder))) {
            assertComputes(session);
        }
    }

    @Test
    void givesOnlyTheOutputsThatAreWanted() throws IOException {
        Path file = TestModels.perceptron(folder.resolve("m.onnx"), 0);
        try (ModelSession session = ModelSession.open(file, ONE_THREAD);
                PreparedRun run = session.prepare(sample(new float[16]), Set.of("logits"))) {
            run.run();
            assertThat(run.outputs().keySet()).containsExactly("logits");
        }
    }

    @Test
    void writesTheOptimizedModel() throws IOException {
        Path file = TestModels.perceptron(folder.resolve("m.onnx"), 0);
        Path optimized = folder.resolve("optimized.onnx");
        ModelSession.open(file, ONE_THREAD.writingOptimizedModel(optimized)).close();
        assertThat(optimized).isNotEmptyFile();
    }

    @Test
    void refusalsNameTheModelAndTheInput() throws IOException {
        Path file = TestModels.perceptron(folder.resolve("m.onnx"), 0);
        try (ModelSession session = ModelSession.open(file, ONE_THREAD)) {
            assertThatThrownBy(() -> session.run(sample(1, 2, 3)))
                    .isInstanceOf(RuntimeModelException.class)
                    .hasMessageContaining("m.onnx")
                    .hasMessageContaining("sample 0")
                    .hasMessageContaining("ORT_INVALID_ARGUMENT: ")
                    .hasMessageContaining("Got: 3 Expected: 16")
                    .hasMessageNotContaining("\n");
            Sample other = new Sample(4, Map.of(), Optional.empty());
            assertThatThrownBy(() -> session.run(other))
                    .isInstanceOf(RuntimeModelException.class)
                    .hasMessageContaining("input 'x' is missing")
                    .hasMessageContaining("sample 4");
        }
    }

    @Test
    void refusesFilesThatAreNoModels() throws IOException {
        byte[] model = Files.readAllBytes(TestModels.perceptron(folder.resolve("m.onnx"), 0));
        Path cut = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(model, model.length / 2));
        Path text = Files.writeString(folder.resolve("text.onnx"), "not a model");
        for (Path file : new Path[] {cut, text, folder.resolve("none.onnx"), folder}) {
            assertThatThrownBy(() -> ModelSession.open(file, ONE_THREAD))
                    .isInstanceOf(RuntimeModelException.class)
                    .hasMessageStartingWith(file + ": ")
                    .hasMessageContaining("Check");
        }
    }

    @Test
    void needsAThread() {
        assertThatThrownBy(() -> SessionSettings.withThreads(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 0");
    }
}
