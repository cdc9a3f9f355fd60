package dev.fewbit.runtime.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Comparison.LayerError;
import dev.fewbit.core.findings.Comparison.OutputError;
import dev.fewbit.runtime.TestModels;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.data.Samples;
import dev.fewbit.runtime.session.RuntimeModelException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

class ModelComparisonTest {

    private static final float STEP = 0.25f;

    private static final CompareOptions ERRORS_ONLY =
            CompareOptions.defaults()
                    .withThreads(1)
                    .withLatency(0, Duration.ZERO)
                    .measuring(false, false);

    @TempDir private Path folder;

    private Path original;
    private Path rounded;

    @BeforeEach
    void writeModels() throws IOException {
        original = TestModels.perceptron(folder.resolve("float.onnx"), 0);
        rounded = TestModels.perceptron(folder.resolve("rounded.onnx"), STEP);
    }

    private static Samples samples(Path model, int count) throws IOException {
        return ComparisonSamples.open(model, Optional.empty(), 11, count);
    }

    private static Comparison compare(Path first, Path second, int count) throws Exception {
        return ModelComparison.run(first, second, samples(first, count), ERRORS_ONLY);
    }

    /** The same figures by their equations, from the models' logits in double. */
    @Test
    void outputErrorsAreThoseOfTheEquations() throws Exception {
        double signal = 0;
        double noise = 0;
        double largest = 0;
        double cosines = 0;
        double least = 1;
        for (Sample sample : samples(original, 20).first(20)) {
            NumberArray x = Objects.requireNonNull(sample.inputs().get("x"));
            float[] row = new float[x.size()];
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) x.doubleAt(i);
            }
            double[] expected = TestModels.perceptronLogits(row, 0);
            double[] found = TestModels.perceptronLogits(row, STEP);
            double xx = 0;
            double yy = 0;
            double xy = 0;
            for (int i = 0; i < expected.length; i++) {
                double error = expected[i] - found[i];
                signal += expected[i] * expected[i];
                noise += error * error;
                largest = Math.max(largest, Math.abs(error));
                xx += expected[i] * expected[i];
                yy += found[i] * found[i];
                xy += expected[i] * found[i];
            }
            cosines += xy / Math.sqrt(xx * yy);
            least = Math.min(least, xy / Math.sqrt(xx * yy));
        }
        Comparison comparison = compare(original, rounded, 20);
        OutputError error = comparison.outputs().getFirst();
        // The runtime computes in float: a relative error of some 2^-20 in each logit, against
        // quantization errors of some 2^-4.
        assertThat(error.sqnrDecibels()).isCloseTo(10 * Math.log10(signal / noise), within(0.001));
        assertThat(error.cosineMean()).isCloseTo(cosines / 20, within(1e-6));
        assertThat(error.cosineMinimum()).isCloseTo(least, within(1e-6));
        assertThat(error.maximumError()).isCloseTo(largest, within(1e-4));
        assertThat(error.topOneAgreement()).isBetween(0.5, 1.0);
        assertThat(comparison.inputs().samples()).isEqualTo(20);
        assertThat(comparison.inputs().random()).isTrue();
    }

    @Test
    void layersComeInOrderAndEndAtTheOutput() throws Exception {
        Comparison comparison = compare(original, rounded, 8);
        assertThat(comparison.layers())
                .extracting(LayerError::value, LayerError::operator)
                .containsExactly(
                        tuple("product", "MatMul"),
                        tuple("hidden", "Relu"),
                        tuple("logits", "MatMul"));
        assertThat(comparison.layers().getLast().sqnrDecibels())
                .isCloseTo(comparison.outputs().getFirst().sqnrDecibels(), within(0.001));
    }

    @Test
    void layersOfModelsWithExternalDataAreTheSame() throws Exception {
        Path outside = folder.resolve("outside");
        Files.createDirectory(outside);
        Path first = TestModels.perceptronWithExternalData(outside.resolve("float.onnx"), 0);
        Path second = TestModels.perceptronWithExternalData(outside.resolve("q.onnx"), STEP);
        assertThat(compare(first, second, 8).layers())
                .isEqualTo(compare(original, rounded, 8).layers());
        assertThat(compare(first, second, 8).warnings())
                .noneMatch(warning -> warning.contains("could not be measured"));
    }

    @Test
    void aModelIsLikeItself() throws Exception {
        Comparison comparison = compare(original, original, 4);
        assertThat(comparison.outputs())
                .containsExactly(new OutputError("logits", Double.POSITIVE_INFINITY, 1, 1, 0, 1));
        assertThat(comparison.layers())
                .hasSize(3)
                .allMatch(layer -> layer.sqnrDecibels() == Double.POSITIVE_INFINITY);
    }

    @Test
    void theSameSeedGivesTheSameFigures() throws Exception {
        Comparison once = compare(original, rounded, 4);
        Comparison again = compare(original, rounded, 4);
        assertThat(again.outputs()).isEqualTo(once.outputs());
        assertThat(again.layers()).isEqualTo(once.layers());
    }

    @Test
    void valuesThatAreNotFiniteAreReported() throws Exception {
        Path good = TestModels.root(folder.resolve("good.onnx"), 100);
        Path bad = TestModels.root(folder.resolve("bad.onnx"), 0);
        Comparison worse = compare(good, bad, 2);
        assertThat(worse.outputs().getFirst().sqnrDecibels()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(worse.warnings())
                .anyMatch(warning -> warning.matches(".*quantized model has \\d+ values.*NaN.*"));
        Comparison better = compare(bad, good, 2);
        assertThat(better.warnings())
                .anyMatch(warning -> warning.matches(".*float model has \\d+ values.*NaN.*"));
    }

    @Test
    void modelsThatHaveNothingInCommonAreRefused() throws Exception {
        Path root = TestModels.root(folder.resolve("root.onnx"), 1);
        assertThatThrownBy(() -> compare(original, root, 1))
                .isInstanceOf(RuntimeModelException.class)
                .hasMessageContaining("no output in common")
                .hasMessageContaining("[logits]")
                .hasMessageContaining("[y]");
        Path encoder = TestModels.encoder(folder.resolve("encoder.onnx"), 32);
        assertThatThrownBy(() -> compare(original, encoder, 1))
                .isInstanceOf(RuntimeModelException.class)
                .hasMessageContaining("do not take the same inputs")
                .hasMessageContaining("input_ids int64[batch_size, sequence_length]");
    }

    @Test
    void measuresSpeedMemoryAndKernels() throws Exception {
        TreeSet<String> phases = new TreeSet<>();
        CompareOptions options =
                CompareOptions.defaults()
                        .withThreads(1)
                        .withLatency(20, Duration.ofMillis(200))
                        .withProgress((phase, done, total) -> phases.add(phase));
        List<Path> before = temporary();
        Comparison comparison =
                ModelComparison.run(original, rounded, samples(original, 2), options);
        assertThat(temporary()).isEqualTo(before);
        boolean linux = Files.isReadable(Path.of("/proc/self/status"));
        for (Comparison.Performance speed :
                List.of(comparison.original(), comparison.quantized())) {
            assertThat(speed.loadMillis()).isPositive();
            assertThat(speed.latencyLowMillis()).isPositive();
            assertThat(speed.latencyMillis()).isGreaterThanOrEqualTo(speed.latencyLowMillis());
            assertThat(speed.latencyHighMillis()).isGreaterThanOrEqualTo(speed.latencyMillis());
            if (linux) {
                assertThat(speed.memoryBytes()).isPositive();
            }
            assertThat(speed.kernels())
                    .anySatisfy(
                            kernel -> {
                                assertThat(kernel.operator()).isEqualTo("MatMul");
                                assertThat(kernel.count()).isEqualTo(2);
                            });
            double shares =
                    speed.kernels().stream().mapToDouble(Comparison.Kernel::timeShare).sum();
            assertThat(shares).isBetween(0.0, 1.0 + 1e-9);
        }
        assertThat(phases).contains("outputs", "latency", "error per layer");
        assertThat(comparison.threads()).isEqualTo(1);
        assertThat(comparison.runtimeVersion()).matches("\\d+\\.\\d+.*");
    }

    /** What this tool may have left in the folder for temporary files. */
    private static List<Path> temporary() throws IOException {
        try (Stream<Path> list = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return new ArrayList<>(
                    list.filter(path -> path.getFileName().toString().startsWith("fewbit-p"))
                            .sorted()
                            .toList());
        }
    }

    @Test
    void runsOnDataFromAFileAndKeepsItsWarnings() throws Exception {
        Path encoder = TestModels.encoder(folder.resolve("encoder.onnx"), 4);
        Path data =
                Files.writeString(
                        folder.resolve("data.jsonl"),
                        """
                        {"input_ids": [1, 2, 3, 4]}
                        {"input_ids": [[9, 8, 7, 6]], "attention_mask": [[1, 1, 0, 0]]}
                        """);
        try (Samples samples = ComparisonSamples.open(encoder, Optional.of(data), 0, 1)) {
            Comparison comparison = ModelComparison.run(encoder, encoder, samples, ERRORS_ONLY);
            assertThat(comparison.inputs())
                    .isEqualTo(new Comparison.Inputs("data.jsonl", 2, false));
            assertThat(comparison.warnings())
                    .anyMatch(warning -> warning.contains("'attention_mask'"))
                    .anyMatch(warning -> warning.contains("'token_type_ids'"));
        }
    }

    @Test
    void runsNoMoreSamplesThanAsked() throws Exception {
        try (Samples samples = samples(original, 50)) {
            Comparison comparison =
                    ModelComparison.run(original, rounded, samples, ERRORS_ONLY.withSamples(7, 0));
            assertThat(comparison.inputs().samples()).isEqualTo(7);
            assertThat(comparison.layers()).isEmpty();
        }
    }
}
