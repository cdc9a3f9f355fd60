package dev.fewbit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import javax.imageio.ImageIO;

/** Data with a task, from the pictures or sentences to the exit code. */
class TaskTest {

    private static final String YAML =
            """
            task: classification
            labels: labels.tsv
            resize: shortest 6
            crop: center
            mean: 0.5
            std: 0.5
            """;

    @TempDir Path folder;
    private Path model;
    private Path small;
    private Path data;

    /** Eight pictures of one colour each, two of them labelled wrongly. */
    @BeforeEach
    void write() throws IOException {
        model = TestModels.strongestChannel(folder.resolve("model.onnx"));
        small = folder.resolve("small.onnx");
        data = Files.createDirectory(folder.resolve("data"));
        int[] colours = {
            0xc01010, 0x10c010, 0x1010c0, 0xf0e0e0, 0x102010, 0x000005, 0x804040, 0x405f40
        };
        int[] labels = {0, 1, 2, 0, 1, 2, 2, 0};
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < colours.length; i++) {
            BufferedImage image = new BufferedImage(8 + i, 12, BufferedImage.TYPE_INT_RGB);
            for (int pixel = 0; pixel < (8 + i) * 12; pixel++) {
                image.setRGB(pixel % (8 + i), pixel / (8 + i), colours[i]);
            }
            ImageIO.write(image, "png", data.resolve(i + ".png").toFile());
            list.append(i).append(".png\t").append(labels[i]).append('\n');
        }
        Files.writeString(data.resolve("labels.tsv"), list);
        Files.writeString(data.resolve("data.yaml"), YAML);
    }

    private Invocation quantized(Object... more) {
        Object[] arguments = new Object[6 + more.length];
        Object[] first = {"quantize", model, "-o", small, "--data", data};
        System.arraycopy(first, 0, arguments, 0, first.length);
        System.arraycopy(more, 0, arguments, first.length, more.length);
        return Invocation.of(arguments);
    }

    @Test
    void picturesGiveAccuracyInEveryForm() throws IOException {
        Path report = folder.resolve("report.html");
        Invocation run = quantized("--json", "--report", report).succeeded();
        JsonNode comparison = run.json().get("comparison");
        JsonNode metric = comparison.get("metrics").get(0);
        assertThat(comparison.get("metrics")).hasSize(1);
        assertThat(metric.get("name").asText()).isEqualTo("top-1 accuracy");
        assertThat(metric.get("original").asDouble()).isEqualTo(0.75);
        assertThat(metric.get("quantized").asDouble()).isEqualTo(0.75);
        assertThat(metric.get("samples").asInt()).isEqualTo(8);
        // Six ones and two zeros: sqrt(8 * 0.75 * 0.25 / (8 * 7)).
        assertThat(metric.get("standardError").asDouble())
                .isCloseTo(Math.sqrt(1.5 / 56), within(1e-12));
        assertThat(comparison.get("inputs").get("samples").asInt()).isEqualTo(8);
        assertThat(report).content().contains("top-1 accuracy", "75.00");
        String text = Invocation.of("compare", model, small, "--data", data).succeeded().out();
        assertThat(text).containsPattern("top-1 accuracy +75\\.00 % +75\\.00 % +0\\.00");
    }

    @Test
    void fewerSamplesAndNoTask() {
        quantized().succeeded();
        JsonNode few =
                Invocation.of("compare", model, small, "--data", data, "--samples", 6, "--json")
                        .succeeded()
                        .json()
                        .get("comparison");
        assertThat(few.get("inputs").get("samples").asInt()).isEqualTo(6);
        assertThat(few.get("metrics").get(0).get("original").asDouble()).isEqualTo(1);
        JsonNode none =
                Invocation.of("compare", model, small, "--data", data, "--task", "none", "--json")
                        .succeeded()
                        .json()
                        .get("comparison");
        assertThat(none.get("metrics")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "--min-metric, 0.75, 0",
        "--min-metric, 0.76, 3",
        "--max-metric-loss, 0, 0",
        "--max-metric-loss, -0.01, 3",
    })
    void gatesDecideTheExitCode(String option, String value, int code) {
        Invocation run = quantized(option, value);
        assertThat(run.code()).as(run.err()).isEqualTo(code);
        if (code == ExitCode.GATE_MISSED) {
            assertThat(run.err()).contains("gate missed: top-1 accuracy", option);
        }
    }

    @Test
    void aGateWithoutATaskIsNotPassedInSilence() throws IOException {
        Files.writeString(data.resolve("data.yaml"), YAML.replace("classification", "none"));
        Invocation run = quantized("--min-metric", "0.1");
        assertThat(run.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.err()).contains("--min-metric and --max-metric-loss need a task");
    }

    @Test
    void wrongUseIsExplained() throws IOException {
        assertThat(quantized("--task", "guessing").code()).isEqualTo(ExitCode.USAGE);
        assertThat(quantized("--samples", "0").code()).isEqualTo(ExitCode.USAGE);
        Invocation forced = quantized("--task", "ctc");
        assertThat(forced.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(forced.err()).contains("--task ctc: the data has no texts as labels");
        Files.writeString(data.resolve("labels.tsv"), "0.png\t3\n");
        Invocation label = quantized();
        assertThat(label.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(label.err()).contains("the label is class 3, the model has classes 0 to 2");
        Files.writeString(data.resolve("data.yaml"), "resize: smaller\n");
        assertThat(quantized().err()).contains("data.yaml", "'resize' takes exact, none or");
    }

    @Test
    void rowsOfTokensGivePerplexity() throws IOException {
        Path transformer = TestModels.transformer(folder.resolve("transformer.onnx"));
        // Token ids below the width of the output, as if that were the vocabulary.
        Path rows = Files.writeString(folder.resolve("rows.json"), "[[1, 2, 3], [60, 5], [7]]");
        Invocation run =
                Invocation.of("quantize", transformer, "-o", small, "--data", rows, "--json")
                        .succeeded();
        JsonNode metric = run.json().get("comparison").get("metrics").get(0);
        assertThat(metric.get("name").asText()).isEqualTo("perplexity");
        assertThat(metric.get("higherIsBetter").asBoolean()).isFalse();
        assertThat(metric.get("samples").asInt()).isEqualTo(3);
        Files.writeString(rows, "[[1, 2, 3], [90, 5]]");
        JsonNode other =
                Invocation.of("compare", transformer, small, "--data", rows, "--json")
                        .succeeded()
                        .json();
        assertThat(other.get("comparison").get("metrics")).isEmpty();
    }

    /** The tokenizer and the model that its authors publish; few pairs, in an obvious order. */
    @Test
    @DisabledOnOs(
            value = OS.MAC,
            architectures = "x86_64",
            disabledReason = "there is no tokenizer for it")
    void sentencesGiveACorrelation() throws IOException {
        Path minilm = folder.resolve("minilm.onnx");
        for (Map.Entry<String, Path> file :
                Map.of(
                                "/all-minilm-l6-v2.onnx",
                                minilm,
                                "/all-minilm-l6-v2-tokenizer.json",
                                folder.resolve("tokenizer.json"))
                        .entrySet()) {
            try (InputStream in = getClass().getResourceAsStream(file.getKey())) {
                Files.copy(in, file.getValue());
            }
        }
        Path pairs =
                Files.writeString(
                        folder.resolve("pairs.csv"),
                        """
                        sentence1,sentence2,score
                        A man plays a guitar.,"A man is playing the guitar, a lot.",5
                        A man plays a guitar.,Somebody makes music.,3
                        A man plays a guitar.,The stock market fell on Tuesday.,0
                        """);
        JsonNode comparison =
                Invocation.of("quantize", minilm, "-o", small, "--data", pairs, "--json")
                        .succeeded()
                        .json()
                        .get("comparison");
        JsonNode metrics = comparison.get("metrics");
        assertThat(metrics.get(0).get("name").asText()).isEqualTo("Spearman correlation");
        assertThat(metrics.get(0).get("original").asDouble()).isCloseTo(1, within(1e-12));
        assertThat(metrics.get(0).get("samples").asInt()).isEqualTo(3);
        assertThat(metrics.get(1).get("quantized").asDouble()).isBetween(0.98, 0.9999);
        assertThat(comparison.get("inputs").get("samples").asInt()).isEqualTo(6);
    }
}
