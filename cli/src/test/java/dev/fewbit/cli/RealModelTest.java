package dev.fewbit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The whole way on a real sentence-embedding model. */
class RealModelTest {

    @TempDir Path folder;

    @Test
    void miniLmBecomesAQuarterAndStaysClose() throws IOException {
        Path model = folder.resolve("minilm.onnx");
        try (InputStream in = getClass().getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            Files.copy(in, model);
        }
        // "hello world" and "a longer sentence about nothing in particular", as the tokenizer has
        // them.
        Path data =
                Files.writeString(
                        folder.resolve("data.jsonl"),
                        """
                        {"input_ids": [[101, 7592, 2088, 102]]}
                        {"input_ids": [[101, 1037, 2936, 6251, 2055, 2498, 1999, 3327, 102]]}
                        """);
        Path small = folder.resolve("minilm-int8.onnx");
        JsonNode findings =
                Invocation.of("quantize", model, "-o", small, "--data", data, "--json")
                        .succeeded()
                        .json();
        // The required figure: no larger than 23.2 MB.
        assertThat(Files.size(small)).isLessThanOrEqualTo(23_200_000);
        assertThat(findings.get("quantized").get("fileBytes").asLong())
                .isEqualTo(Files.size(small));
        JsonNode output = findings.get("comparison").get("outputs").get(0);
        assertThat(output.get("name").asText()).isEqualTo("last_hidden_state");
        assertThat(output.get("cosineMean").asDouble()).isGreaterThan(0.97);
        assertThat(findings.get("comparison").get("quantized").get("kernels").toString())
                .contains("DynamicQuantizeMatMul");
        assertThat(findings.get("verdict").get("grade").asText()).isNotBlank();
    }

    @Test
    void miniLmIsANetworkOfProductsAndTakesBlocks() throws IOException {
        Path model = folder.resolve("minilm.onnx");
        try (InputStream in = getClass().getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            Files.copy(in, model);
        }
        for (String recipe : List.of("int4", "int3", "int2")) {
            JsonNode plan =
                    Invocation.of("plan", model, "--recipe", recipe, "--json").succeeded().json();
            // There is no data to round by.
            assertThat(plan.get("recipe").asText())
                    .isEqualTo(recipe + " network:products rounding:nearest");
            for (JsonNode weight : plan.get("weights")) {
                assertThat(weight.get("format").asText()).isEqualTo("u" + recipe + " asymmetric");
                assertThat(weight.get("granularity").asText()).endsWith(",scales:8");
                JsonNode use = weight.get("uses").get(0);
                if (use.get("operator").asText().equals("MatMul")) {
                    assertThat(use.get("encoding").asText()).isEqualTo("dequantized-matmul");
                }
            }
        }
    }
}
