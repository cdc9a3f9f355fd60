package dev.fewbit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.ModelFacts;
import dev.fewbit.core.findings.SkippedWeight;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class JsonReportTest {

    @TempDir private Path folder;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        for (Findings findings :
                List.of(
                        SampleFindings.transformer(2, 4),
                        SampleFindings.bare(),
                        SampleSearch.in(SampleFindings.bare(), SampleSearch.of(3)),
                        Hostile.findings())) {
            Path file = folder.resolve("findings.json");
            JsonReport.write(findings, file);
            assertThat(JsonReport.read(file)).isEqualTo(findings);
        }
    }

    /** The shape that is promised: a change here needs a new schema number. */
    @Test
    void fieldsAreThosePromised() throws IOException {
        Findings findings = SampleSearch.in(SampleFindings.transformer(1, 4), SampleSearch.of(3));
        JsonNode document = new JsonMapper().readTree(JsonReport.render(findings));
        assertThat(document.fieldNames())
                .toIterable()
                .containsExactly(
                        "schema",
                        "toolVersion",
                        "recipe",
                        "planHash",
                        "seed",
                        "compressionRatio",
                        "original",
                        "quantized",
                        "verdict",
                        "comparison",
                        "weights",
                        "skipped",
                        "warnings",
                        "notes",
                        "search");
        assertThat(document.get("schema").asInt()).isEqualTo(1);
        assertThat(document.get("original").fieldNames())
                .toIterable()
                .containsExactly(
                        "file",
                        "fileBytes",
                        "weightBytes",
                        "parameters",
                        "nodes",
                        "irVersion",
                        "opsets");
        assertThat(document.get("verdict").get("grade").asText()).isEqualTo("WORTH_IT");
        JsonNode comparison = document.get("comparison");
        assertThat(comparison.fieldNames())
                .toIterable()
                .containsExactly(
                        "inputs",
                        "runtimeVersion",
                        "threads",
                        "processor",
                        "warnings",
                        "metrics",
                        "outputs",
                        "layers",
                        "original",
                        "quantized");
        assertThat(comparison.get("metrics").get(0).fieldNames())
                .toIterable()
                .containsExactly(
                        "name",
                        "unit",
                        "higherIsBetter",
                        "original",
                        "quantized",
                        "samples",
                        "standardError",
                        "differenceError");
        assertThat(comparison.get("outputs").get(0).fieldNames())
                .toIterable()
                .containsExactly(
                        "name",
                        "sqnrDecibels",
                        "cosineMean",
                        "cosineMinimum",
                        "maximumError",
                        "topOneAgreement");
        assertThat(comparison.get("layers").get(0).fieldNames())
                .toIterable()
                .containsExactly("value", "node", "operator", "sqnrDecibels", "cosine");
        assertThat(comparison.get("quantized").fieldNames())
                .toIterable()
                .containsExactly(
                        "loadMillis",
                        "latencyMillis",
                        "latencyLowMillis",
                        "latencyHighMillis",
                        "memoryBytes",
                        "kernels");
        assertThat(document.get("weights").get(0).fieldNames())
                .toIterable()
                .containsExactly(
                        "tensor",
                        "nodes",
                        "operator",
                        "shape",
                        "format",
                        "granularity",
                        "rounding",
                        "encoding",
                        "reason",
                        "bitsPerWeight",
                        "floatBytes",
                        "quantizedBytes",
                        "minimum",
                        "maximum",
                        "sqnrDecibels",
                        "limitDecibels",
                        "gapDecibels",
                        "maximumError",
                        "histogram");
        assertThat(document.get("skipped").get(0).fieldNames())
                .toIterable()
                .containsExactly("tensor", "operator", "shape", "bytes", "reason");
        expectSearch(document.get("search"));
    }

    private static void expectSearch(JsonNode search) {
        assertThat(search.fieldNames())
                .toIterable()
                .containsExactly(
                        "loss", "limits", "front", "fixed", "chosen", "floatBytes", "layers");
        assertThat(search.get("limits").fieldNames())
                .toIterable()
                .containsExactly("bytes", "loss", "seconds");
        assertThat(search.get("limits").get("loss").isNull()).isTrue();
        assertThat(search.get("chosen").fieldNames())
                .toIterable()
                .containsExactly("label", "bytes", "predictedLoss", "measuredLoss", "seconds");
        assertThat(search.get("layers").get(2).fieldNames())
                .toIterable()
                .containsExactly(
                        "tensor",
                        "layer",
                        "weights",
                        "choice",
                        "bytes",
                        "lossShare",
                        "reason",
                        "smaller",
                        "larger");
        assertThat(search.get("layers").get(2).get("smaller").fieldNames())
                .toIterable()
                .containsExactly("choice", "bytesDifference", "lossDifference");
    }

    /** What versions without metrics wrote. */
    @Test
    void documentsWithoutMetricsAreRead() throws IOException {
        JsonNode document =
                new JsonMapper().readTree(JsonReport.render(SampleFindings.transformer(1, 4)));
        ((ObjectNode) document.get("comparison")).remove("metrics");
        Path file = Files.writeString(folder.resolve("old.json"), document.toString());
        assertThat(Objects.requireNonNull(JsonReport.read(file).comparison()).metrics()).isEmpty();
    }

    @Test
    void whatIsNotFiniteIsText() throws IOException {
        JsonNode document = new JsonMapper().readTree(JsonReport.render(Hostile.findings()));
        JsonNode layers = document.get("comparison").get("layers");
        assertThat(layers.get(0).get("sqnrDecibels").textValue()).isEqualTo("Infinity");
        assertThat(layers.get(1).get("sqnrDecibels").textValue()).isEqualTo("-Infinity");
        assertThat(layers.get(2).get("sqnrDecibels").textValue()).isEqualTo("NaN");
    }

    @Test
    void sameFindingsGiveSameBytes() throws IOException {
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        JsonReport.write(SampleFindings.transformer(1, 8), first);
        JsonReport.write(SampleFindings.transformer(1, 8), second);
        assertThat(first.toByteArray()).isEqualTo(second.toByteArray());
        assertThat(first.toString(UTF_8)).endsWith("}\n").doesNotContain("\r");
    }

    @Test
    void operatorSetsAreSorted() {
        Map<String, Long> opsets = Map.of("z", 1L, "ai.onnx", 21L, "com.microsoft", 1L, "a", 2L);
        Findings bare = SampleFindings.bare();
        Findings findings =
                new Findings(
                        "1",
                        null,
                        null,
                        0,
                        new ModelFacts("a", 1, 1, 1, 1, 1, opsets),
                        bare.quantized(),
                        List.of(),
                        List.of(),
                        null,
                        null);
        assertThat(JsonReport.render(findings).replaceAll("\\s", ""))
                .contains("\"opsets\":{\"a\":2,\"ai.onnx\":21,\"com.microsoft\":1,\"z\":1}");
    }

    @Test
    void halfASurrogatePairDoesNotEndTheReport() throws IOException {
        Findings bare = SampleFindings.bare();
        Findings findings =
                new Findings(
                        "1",
                        null,
                        null,
                        0,
                        bare.original(),
                        bare.quantized(),
                        List.of(),
                        List.of(new SkippedWeight("half \uD83D", "Add", List.of(1L), 4, "why")),
                        null,
                        null);
        Path file = folder.resolve("half.json");
        JsonReport.write(findings, file);
        assertThat(JsonReport.read(file).skipped().getFirst().tensor()).isEqualTo("half ?");
    }

    @Test
    void unknownFieldsArePassedOver() throws IOException {
        Path file = folder.resolve("later.json");
        Findings findings = SampleFindings.bare();
        Files.writeString(
                file,
                JsonReport.render(findings).replaceFirst("\"seed\"", "\"later\": [1], \"seed\""));
        assertThat(JsonReport.read(file)).isEqualTo(findings);
    }

    @Test
    void otherFilesAreRefusedInWords() throws IOException {
        Path file = folder.resolve("other.json");
        Files.writeString(file, "no JSON");
        assertThatThrownBy(() -> JsonReport.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("is not JSON");
        Files.writeString(file, "{\"name\": 1}");
        assertThatThrownBy(() -> JsonReport.read(file))
                .hasMessageContaining("JSON without a schema");
        Files.writeString(file, "{\"schema\": 2}");
        assertThatThrownBy(() -> JsonReport.read(file))
                .hasMessageContaining("expected a fewbit report with schema 1, got schema 2")
                .hasMessageContaining("newer fewbit");
        Files.writeString(file, "{\"schema\": 1}");
        assertThatThrownBy(() -> JsonReport.read(file))
                .hasMessageContaining("not a whole fewbit report");
        Files.writeString(file, "");
        assertThatThrownBy(() -> JsonReport.read(file)).isInstanceOf(IOException.class);
    }

    @Test
    void aMeasurementKeepsItsWarnings() throws IOException {
        Path file = folder.resolve("warnings.json");
        Findings findings = Hostile.findings();
        JsonReport.write(findings, file);
        Comparison read = JsonReport.read(file).comparison();
        assertThat(read).isNotNull();
        assertThat(read.warnings()).isEqualTo(List.of(Hostile.NAME));
        assertThat(read.inputs().random()).isTrue();
    }
}
