package dev.fewbit.bench.large;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.Fewbit;
import dev.fewbit.Recipe;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.io.OnnxReader;
import dev.fewbit.onnx.io.WrittenFiles;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

class GenerateModelTest {
    private static final long BYTES = 3_000_000;

    @TempDir Path folder;

    @Test
    void sameBytesForAnyNumberOfThreadsAndOthersForAnotherSeed() throws IOException {
        Path one = data(GenerateModel.write(BYTES, folder.resolve("one.onnx"), 7, 1));
        Path four = data(GenerateModel.write(BYTES, folder.resolve("four.onnx"), 7, 4));
        Path other = data(GenerateModel.write(BYTES, folder.resolve("other.onnx"), 8, 1));

        assertThat(four).hasSameBinaryContentAs(one);
        assertThat(Files.mismatch(one, other)).isBetween(0L, 3L);
    }

    @Test
    void weightsAreNormallyDistributedWithOutliers() throws IOException {
        Path file = folder.resolve("model.onnx");
        GenerateModel.write(BYTES, file, 1, 2);

        float[] table = weight(file, "embed_tokens.weight").floats();

        int outliers = 0;
        double squares = 0;
        for (float value : table) {
            outliers += Math.abs(value) > 5 ? 1 : 0;
            squares += Math.abs(value) > 5 ? 0 : (double) value * value;
        }
        // One in 1024 is six times larger, and beyond 5 with probability P(|z| > 5/6) = 0.405;
        // of the others, one in two million. Five standard deviations of a binomial count.
        double expected = table.length * 0.405 / GaussianWeights.OUTLIER_EVERY;
        assertThat((double) outliers).isCloseTo(expected, within(5 * Math.sqrt(expected)));
        // Variance of the rest: 1, and at most 25 / 1024 from small outliers; its estimate has a
        // standard deviation of sqrt(2 / n).
        double spread = 5 * Math.sqrt(2.0 / table.length);
        assertThat(squares / table.length).isBetween(1 - spread, 1 + 25.0 / 1024 + spread);
    }

    @Test
    void everyMatrixAndTheTableAreQuantizedAndTheResultRuns() throws IOException {
        Path file = folder.resolve("model.onnx");
        Path small = folder.resolve("small.onnx");
        GenerateModel.write(BYTES, file, 1, 2);

        var result = Fewbit.quantize(file).recipe(Recipe.INT8_WEIGHTS).writeTo(small);

        TransformerSize size = TransformerSize.ofBytes(BYTES);
        assertThat(result.weights()).hasSize(1 + 7 * size.layers());
        assertThat(RunModel.rootMeanSquare(RunModel.run(small, 1))).isCloseTo(1, within(1e-3));
    }

    private static Path data(WrittenFiles files) {
        return Objects.requireNonNull(files.externalData());
    }

    private static Tensor weight(Path file, String name) throws IOException {
        Model model = OnnxReader.read(file);
        return model.graph().initializers().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name))
                .findFirst()
                .orElseThrow()
                .getValue();
    }
}
