package dev.fewbit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The commands on a small model, from end to end. */
class QuantizingTest {

    @TempDir Path folder;
    private Path model;
    private Path small;
    private Path data;

    @BeforeEach
    void write() throws IOException {
        model = TestModels.transformer(folder.resolve("model.onnx"));
        small = folder.resolve("small.onnx");
        data = Files.write(folder.resolve("data.jsonl"), TestModels.data());
    }

    @Test
    void inspectListsLayersAndWhatCannotBeQuantized() {
        Invocation run = Invocation.of("inspect", model).succeeded();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("tokens", "int64", "[1, sequence]")
                .contains("Can be quantized: 3 tensors")
                .containsPattern("Gather +table +300x64 +76.8 kB")
                .containsPattern("MatMul +up\\.weight +64x128 +32.8 kB")
                .contains("Left as they are: 1 tensor", "up.bias");
        JsonNode json = Invocation.of("--json", "inspect", model).succeeded().json();
        assertThat(json.get("facts").get("opsets").get("ai.onnx").asLong()).isEqualTo(17);
        assertThat(json.get("weights")).hasSize(3);
        assertThat(json.get("others").get(0).get("tensor").asText()).isEqualTo("up.bias");
    }

    @ParameterizedTest
    @ValueSource(strings = {"int8-dynamic", "int8-weights", "int4-weights", "int2-weights"})
    void everyRecipeMakesASmallerModelThatRuns(String recipe) throws IOException {
        Invocation run =
                Invocation.of("quantize", model, "-o", small, "--recipe", recipe).succeeded();
        assertThat(Files.size(small)).isLessThan(Files.size(model) / 2);
        assertThat(run.out())
                .contains("recipe   " + recipe, "smaller", "3 quantized, 1 left as they are")
                .contains("fewbit compare " + model + " " + small + " --data DATA");
        assertThat(run.err()).isEmpty();
        JsonNode findings =
                Invocation.of("compare", model, small, "--data", data, "--json").succeeded().json();
        assertThat(findings.get("recipe").asText()).isEqualTo(recipe);
        assertThat(findings.get("comparison").get("inputs").get("random").asBoolean()).isFalse();
        assertThat(findings.get("comparison").get("inputs").get("samples").asInt()).isEqualTo(3);
    }

    @Test
    void dataAndReportRunTheComparisonToo() throws IOException {
        Path report = folder.resolve("report.html");
        Invocation run =
                Invocation.of("quantize", model, "-o", small, "--data", data, "--report", report)
                        .succeeded();
        assertThat(run.out())
                .contains("Side by side", "on 3 samples", "Outputs", "latency", "Report: " + report)
                .doesNotContain("RANDOM INPUTS");
        assertThat(report).content().startsWith("<!").contains("table");
    }

    @Test
    void withJsonStandardOutputIsOneDocumentAndTalkIsElsewhere() {
        Invocation run =
                Invocation.of("quantize", model, "-o", small, "--data", data, "--json").succeeded();
        JsonNode findings = run.json();
        assertThat(findings.get("schema").asInt()).isEqualTo(1);
        assertThat(findings.get("weights")).hasSize(3);
        assertThat(findings.get("comparison").get("outputs")).hasSize(1);
        assertThat(run.err()).contains("smaller", "Side by side");
        assertThat(
                        Invocation.of("quantize", model, "-o", small, "--json")
                                .succeeded()
                                .json()
                                .get("comparison")
                                .isNull())
                .isTrue();
    }

    @Test
    void randomInputsAreSaidAloud() {
        Invocation.of("quantize", model, "-o", small).succeeded();
        assertThat(Invocation.of("compare", model, small).succeeded().out())
                .contains("RANDOM INPUTS", "--data");
    }

    @Test
    void theSameInputGivesTheSameBytesWhateverTheThreads() throws IOException {
        Path other = folder.resolve("other.onnx");
        Invocation.of("quantize", model, "-o", small, "--recipe", "int4-weights", "--threads", 1)
                .succeeded();
        Invocation.of("quantize", model, "-o", other, "--recipe", "int4-weights", "--threads", 4)
                .succeeded();
        assertThat(other).hasSameBinaryContentAs(small);
    }

    @Test
    void aPlanCanBeWrittenEditedAndFedBack() throws IOException {
        Invocation printed = Invocation.of("plan", model, "--recipe", "int4-weights").succeeded();
        assertThat(printed.out()).contains("recipe: int4-weights").contains("tensor: up.weight");
        assertThat(printed.err()).contains("3 weights to quantize, 1 left as they are.");

        Path plan = folder.resolve("plan.yaml");
        Invocation.of("plan", model, "--recipe", "int4-weights", "-o", plan).succeeded();
        assertThat(plan).hasContent(printed.out());

        Path byRecipe = folder.resolve("by-recipe.onnx");
        Invocation.of("quantize", model, "-o", byRecipe, "--recipe", "int4-weights").succeeded();
        Invocation.of("quantize", model, "-o", small, "--plan", plan).succeeded();
        assertThat(small).hasSameBinaryContentAs(byRecipe);

        Files.writeString(plan, printed.out().replace("format: uint4", "format: uint2"));
        Invocation.of("quantize", model, "-o", small, "--plan", plan).succeeded();
        assertThat(Files.size(small)).isLessThan(Files.size(byRecipe));
        assertThat(
                        Invocation.of("plan", model, "--plan", plan, "--json")
                                .succeeded()
                                .json()
                                .get("weights")
                                .get(0)
                                .get("format")
                                .asText())
                .startsWith("uint2");
    }

    @Test
    void aPlanThatIsWrongNamesItsLine() throws IOException {
        String yaml = Invocation.of("plan", model).out();
        Path plan = folder.resolve("plan.yaml");
        Files.writeString(plan, yaml.replaceFirst("format: int8", "format: int99"));
        long line = yaml.lines().takeWhile(text -> !text.contains("format: int8")).count() + 1;
        Invocation run =
                Invocation.of("quantize", model, "-o", small, "--plan", plan)
                        .failed(ExitCode.FAILURE);
        assertThat(run.err()).contains(plan.toString(), "line " + line);
        assertThat(small).doesNotExist();
    }

    @Test
    void optionsOfQuantizeAreAcceptedByPlan() {
        Invocation run = Invocation.of("plan", model, "--threads", 2, "--data", data).succeeded();
        assertThat(run.err()).contains("--data has no effect on this plan.");
    }

    @Test
    void gatesDecideTheExitCode() {
        Invocation.of("quantize", model, "-o", small, "--recipe", "int2-weights").succeeded();
        Invocation.of("compare", model, small, "--data", data, "--min-cosine", "0.1").succeeded();
        Invocation missed =
                Invocation.of("compare", model, small, "--data", data, "--min-sqnr", "90");
        assertThat(missed.code()).isEqualTo(ExitCode.GATE_MISSED);
        assertThat(missed.err()).contains("gate missed: output", "--min-sqnr asks for 90.00");
        assertThat(missed.out()).contains("Side by side");
        assertThat(
                        Invocation.of(
                                        "quantize",
                                        model,
                                        "-o",
                                        small,
                                        "--recipe",
                                        "int2-weights",
                                        "--min-cosine",
                                        "0.99999999")
                                .code())
                .isEqualTo(ExitCode.GATE_MISSED);
    }

    @Test
    void anExistingFileIsReplaced() throws IOException {
        Files.writeString(small, "something else");
        Invocation.of("quantize", model, "-o", small).succeeded();
        assertThat(Files.size(small)).isGreaterThan(1000);
    }

    @Test
    void everyTensorIsListedWhenAskedFor() {
        assertThat(Invocation.of("quantize", model, "-o", small, "--verbose").succeeded().out())
                .contains("up.weight", "down.weight", "up.bias");
    }
}
