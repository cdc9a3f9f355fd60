package dev.fewbit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The options that say how many bits weights get, and of what kind, up to the plan. */
class RecipeOptionsTest {

    @TempDir Path folder;
    private Path transformer;
    private Path pictures;

    @BeforeEach
    void write() {
        transformer = TestModels.transformer(folder.resolve("transformer.onnx"));
        pictures = TestModels.convolutions(folder.resolve("pictures.onnx"));
    }

    private static Invocation plan(Path model, String options) {
        return Invocation.of((Object[]) ("plan " + model + " " + options).split(" ", -1));
    }

    private static JsonNode weight(JsonNode plan, String tensor) {
        for (JsonNode weight : plan.get("weights")) {
            if (weight.get("tensor").asText().equals(tensor)) {
                return weight;
            }
        }
        throw new AssertionError("no weight " + tensor + " in " + plan);
    }

    /** Few bits are rounded by data, so that without any they are rounded to nearest. */
    private static void checkRecipe(JsonNode plan, String expected) {
        String actual = plan.get("recipe").asText();
        assertThat(actual.replace(" rounding:nearest", "")).isEqualTo(expected);
        assertThat(actual.contains("rounding:nearest"))
                .isEqualTo(expected.contains("network:") && !expected.contains("rounding:"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--recipe int4 | int4 network:products | uint4 asymmetric | block:32,scales:8",
                "--weights 4 | int4 network:products | uint4 asymmetric | block:32,scales:8",
                "--weights 3 | int3 network:products | uint3 asymmetric | block:32,scales:8",
                "--weights 2 --rounding hqq | int2 network:products rounding:hqq |"
                        + " uint2 asymmetric | channel",
                "--weights 5 | int5 network:products | uint5 asymmetric | block:32,scales:8",
                "--weights 8 | int8-dynamic | int8 symmetric | channel",
                "--weights 8 --activations float | int8-weights | uint8 asymmetric | channel",
                "--activations float | int8-weights | uint8 asymmetric | channel",
                "--format affine | int8-dynamic | int8 symmetric | channel",
                "--format pow2 | pow2-4 network:products | pow2-4 | channel",
                "--format pow2 --weights 5 | pow2-5 network:products | apot-5 | channel",
                "--format codebook --weights 3 | codebook-3 network:products | codebook-3-int8 |"
                        + " channel",
                "--recipe int4 --format codebook | codebook-4 network:products |"
                        + " codebook-4-int8 | channel",
                "--recipe int4 --weights 3 | int3 network:products | uint3 asymmetric |"
                        + " block:32,scales:8",
                "--recipe int4 --granularity block:16 | int4 network:products block:16 |"
                        + " uint4 asymmetric | block:16",
                "--recipe int4 --granularity block:16,scales:8 --activations float |"
                        + " int4 network:products activations:float block:16,scales:8 |"
                        + " uint4 asymmetric | block:16,scales:8",
                "--recipe int8-weights --weights 6 | int8-weights weights:uint6,asymmetric |"
                        + " uint6 asymmetric | channel",
                "--recipe int8-dynamic --weights 4 --format pow2 | int8-dynamic weights:pow2-4 |"
                        + " pow2-4 | channel",
                "--recipe int4-weights --rounding hqq | int4-weights rounding:hqq |"
                        + " uint4 asymmetric | block:32",
                "--recipe int4 --all-layers | int4 network:products | uint4 asymmetric |"
                        + " block:32,scales:8"
            })
    void optionsMakeARecipe(String options, String recipe, String format, String grouping) {
        JsonNode plan = plan(transformer, options + " --json").succeeded().json();
        checkRecipe(plan, recipe);
        JsonNode weight = weight(plan, "up.weight");
        assertThat(weight.get("format").asText()).isEqualTo(format);
        assertThat(weight.get("granularity").asText()).isEqualTo(grouping);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--recipe int4 | int4 network:convolutions | int8 symmetric | 8",
                "--recipe int4 --all-layers | int4 network:convolutions all-layers |"
                        + " int4 symmetric | 8",
                "--weights 4 --activations 16 --all-layers | int4 network:convolutions all-layers"
                        + " activation-bits:16 | int4 symmetric | 16",
                "--weights 4 --target avx2 | int4 network:convolutions fragile:int7,symmetric |"
                        + " int7 symmetric | 8",
                "--activations 8 | int8 | int8 symmetric | 8",
                "--activations 16 | int8 activation-bits:16 | int8 symmetric | 16",
                "--activations 4 | int8 fragile:int8,symmetric activation-bits:4 | int8 symmetric"
                        + " | 8",
                "--activations 4 --all-layers | int8 activation-bits:4 | int8 symmetric | 4",
                "--recipe int8 --activation-bits 3 --all-layers | int8 activation-bits:3 |"
                        + " int8 symmetric | 3",
                "--weights 4 --activations 2 --all-layers | int4 network:convolutions all-layers"
                        + " activation-bits:2 | int4 symmetric | 2",
                "--recipe int8-weights --activations 8 --target avx2 | int8-weights"
                        + " activations:static weights:int7,symmetric | int7 symmetric | 8",
                "--recipe int4-weights --activations 8 | int4-weights activations:static |"
                        + " int4 symmetric | 8"
            })
    void convolutionsComputeInIntegers(String options, String recipe, String format, int bits) {
        JsonNode plan = plan(pictures, options + " --corrections none --json").succeeded().json();
        checkRecipe(plan, recipe + " corrections:none");
        for (JsonNode weight : plan.get("weights")) {
            assertThat(weight.get("format").asText()).isEqualTo(format);
            assertThat(weight.get("granularity").asText()).isEqualTo("channel");
            assertThat(weight.get("uses").get(0).get("encoding").asText()).isEqualTo("integer");
        }
        assertThat(plan.toString()).contains("uint" + bits + " asymmetric");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--weights 1 | --weights takes a number of at least 2, got 1",
                "--weights 9 | --weights takes 2 to 8 bits, got 9",
                "--weights x | --weights takes a whole number, got 'x'",
                "--weights 8 --format pow2 | few bits of format pow2 are 2 to 6, got 8; for more"
                        + " take format affine",
                "--weights 8 --format codebook | few bits of format codebook are 2 to 7, got 8",
                "--recipe int8 --format pow2 | beyond that evenly spaced levels are better",
                "--recipe int8 --format codebook | have codes of 1 to 7 bits, got 8",
                "--recipe int4 --weights 8 | for more take one of the recipes for 8 bits",
                "--format log | unknown format 'log'; expected one of affine, pow2, codebook",
                "--rounding up | unknown rounding 'up'; expected one of nearest, hqq, gptq",
                "--rounding gptq | --rounding gptq needs --data",
                "--recipe int4 --rounding descent | --rounding descent needs --data",
                "--activations 9 | --activations takes one of 2, 3, 4, 5, 6, 7, 8, 16, dynamic,"
                        + " float, got '9'",
                "--activations dynamic --activation-bits 4 | --activation-bits is for static"
                        + " activations: add --activations 8",
                "--recipe int8 --activation-bits 9 | static activations have 2 to 8 bits or 16,"
                        + " got 9",
                "--activations 8 --activation-bits 16 | --activations 8 and --activation-bits"
                        + " exclude each other",
                "--activations 8 --granularity block:32 | integer kernels take one scale for a"
                        + " tensor or a channel, not blocks",
                "--recipe int4 --calibration entropy | --calibration is for static activations:"
                        + " add --activations 8, or --recipe int8 (this is int4 network:products)",
                "--format codebook --activations 8 --target avx2 | the levels of codebook-4-int8"
                        + " may go further",
                "--plan p --weights 4 | --weights and --plan exclude each other",
                "--plan p --rounding hqq | --rounding and --plan exclude each other",
                "--plan p --all-layers | --all-layers and --plan exclude each other"
            })
    void whatCannotBeDoneIsExplained(String options, String message) {
        Invocation run = plan(transformer, options).failed(ExitCode.USAGE);
        assertThat(run.err()).contains(message);
    }

    @Test
    void blocksOnConvolutionsOfFewBitsAreExplained() {
        assertThat(plan(pictures, "--recipe int4 --block 32").failed(ExitCode.USAGE).err())
                .contains(
                        "not blocks", "--activations float", "int4 network:convolutions block:32");
        JsonNode plan =
                plan(pictures, "--recipe int4 --all-layers --block 32 --activations float --json")
                        .succeeded()
                        .json();
        assertThat(weight(plan, "conv2").get("granularity").asText()).isEqualTo("block:32");
    }

    @Test
    void convolutionsWithActivationsOnTheGoSayWhatTheyCost() {
        JsonNode plan =
                plan(pictures, "--recipe int4 --activations dynamic --json").succeeded().json();
        assertThat(weight(plan, "conv1").get("reason").asText())
                .contains("8 bits instead of 4: the first layer")
                .contains("convolutions with activations rounded on the go are slower");
    }

    @ParameterizedTest
    @CsvSource({"int4", "int3", "int2", "int6", "pow2-4", "codebook-3"})
    void fewBitsMakeASmallerModelThatRuns(String recipe) throws IOException {
        Path small = folder.resolve("small.onnx");
        Path data = Files.write(folder.resolve("data.jsonl"), TestModels.data());
        Invocation run =
                Invocation.of("quantize", transformer, "-o", small, "--recipe", recipe).succeeded();
        assertThat(run.out()).contains("recipe   " + recipe + " network:products rounding:nearest");
        assertThat(run.out() + run.err()).contains("there is no data, so weights are rounded to");
        assertThat(Files.size(small)).isLessThan(Files.size(transformer) / 2);
        JsonNode findings =
                Invocation.of("compare", transformer, small, "--data", data, "--json")
                        .succeeded()
                        .json();
        assertThat(findings.get("weights")).hasSize(3);
        assertThat(findings.get("recipe").asText())
                .isEqualTo(recipe + " network:products rounding:nearest");
    }

    @Test
    void fourBitConvolutionsRunOnIntegerKernels() throws IOException {
        Path small = folder.resolve("small.onnx");
        Path data = Files.write(folder.resolve("data.jsonl"), TestModels.pictures(12));
        JsonNode findings =
                Invocation.of(
                                "quantize",
                                pictures,
                                "-o",
                                small,
                                "--recipe",
                                "int4",
                                "--all-layers",
                                "--data",
                                data,
                                "--json")
                        .succeeded()
                        .json();
        assertThat(findings.get("comparison").get("quantized").get("kernels").toString())
                .contains("QLinearConv");
        assertThat(findings.get("recipe").asText())
                .isEqualTo("int4 network:convolutions all-layers");
    }
}
