package dev.fewbit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The options of static activations, from end to end. */
class StaticOptionsTest {

    @TempDir Path folder;
    private Path model;
    private Path small;
    private Path data;
    private Path plan;

    @BeforeEach
    void write() throws IOException {
        model = TestModels.convolutions(folder.resolve("model.onnx"));
        small = folder.resolve("small.onnx");
        plan = folder.resolve("plan.yaml");
        data = Files.write(folder.resolve("data.jsonl"), TestModels.pictures(12));
    }

    @Test
    void quantizeTellsWhatTuningCameTo() {
        Invocation run =
                Invocation.of("quantize", model, "-o", small, "--recipe", "int8", "--data", data)
                        .succeeded();
        assertThat(run.out()).containsPattern("tuning: relative output error [0-9.e-]+ on 12");
        assertThat(run.out()).doesNotContain("WARNING");
    }

    @Test
    void theModelsRunOnOtherSamplesThanTheLevelsComeFrom() throws IOException {
        Path other = Files.write(folder.resolve("other.jsonl"), TestModels.pictures(5));
        Invocation run =
                Invocation.of(
                                "quantize",
                                model,
                                "-o",
                                small,
                                "--recipe",
                                "int8",
                                "--data",
                                data,
                                "--test-data",
                                other)
                        .succeeded();
        assertThat(run.out()).contains("on 12 samples", "on 5 samples: other.jsonl");
        Invocation alone =
                Invocation.of(
                                "quantize",
                                model,
                                "-o",
                                small,
                                "--recipe",
                                "int8",
                                "--data",
                                data,
                                "--test-data",
                                "none")
                        .succeeded();
        assertThat(alone.out()).contains("on 12 samples").doesNotContain("Side by side");
        assertThat(
                        Invocation.of(
                                        "quantize",
                                        model,
                                        "-o",
                                        small,
                                        "--test-data",
                                        "none",
                                        "--min-cosine",
                                        "0.9")
                                .failed(ExitCode.USAGE)
                                .err())
                .contains("--test-data");
    }

    @Test
    void withoutDataEveryOneIsWarned() throws IOException {
        Path report = folder.resolve("report.html");
        Invocation run =
                Invocation.of(
                                "quantize",
                                model,
                                "-o",
                                small,
                                "--recipe",
                                "int8",
                                "--report",
                                report)
                        .succeeded();
        assertThat(run.out()).contains("WARNING: there is no data");
        assertThat(Files.readString(report)).contains("there is no data");
        JsonNode json =
                Invocation.of("quantize", model, "-o", small, "--recipe", "int8", "--json")
                        .succeeded()
                        .json();
        assertThat(json.get("warnings").toString()).contains("there is no data");
    }

    @ParameterizedTest
    @CsvSource({
        "--calibration min-max, range: min-max",
        "--calibration percentile:99.9, range: 'percentile:99.9'",
        "--activation-bits 16, format: uint16",
        "--granularity tensor, granularity: tensor",
        "--target avx2, format: int7 symmetric"
    })
    void optionsReachThePlan(String options, String expected) throws IOException {
        planned(options.split(" ", -1));
        assertThat(Files.readString(plan).replace("\"", "").replace("'", ""))
                .contains(expected.replace("'", ""));
    }

    @Test
    void aPlanIsCarriedOutAsItWasPrinted() throws IOException {
        planned("--calibration", "entropy");
        assertThat(plan).content().contains("model: model.onnx");
        Path direct = folder.resolve("direct.onnx");
        Invocation.of(
                        "quantize",
                        model,
                        "-o",
                        direct,
                        "--recipe",
                        "int8",
                        "--data",
                        data,
                        "--corrections",
                        "none",
                        "--calibration",
                        "entropy")
                .succeeded();
        Invocation.of("quantize", model, "-o", small, "--plan", plan).succeeded();
        assertThat(small).hasSameBinaryContentAs(direct);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--recipe int8 --activations 4",
                "--weights 4 --activations 4",
                "--recipe int4 --activation-bits 6"
            })
    void layersThatReadFewBitsComeOutOfThePlanAsTheyWentIn(String options) throws IOException {
        model = TestModels.residual(folder.resolve("residual.onnx"));
        String[] words = options.split(" ", -1);
        Invocation run = invoke("quantize", words, "-o", small, "--data", data).succeeded();
        assertThat(run.out()).contains("tuning: ").doesNotContain("WARNING");
        Invocation planned = invoke("plan", words, "--data", data).succeeded();
        assertThat(planned.out()).contains("input: {format: uint", "others read it with 8 bits");
        JsonNode json = invoke("plan", words, "--data", data, "--json").succeeded().json();
        assertThat(json.get("operators").findValues("input")).hasSize(1);
        Files.writeString(plan, planned.out());
        Path again = folder.resolve("again.onnx");
        Invocation.of("quantize", model, "-o", again, "--plan", plan, "--data", data).succeeded();
        assertThat(again).hasSameBinaryContentAs(small);
    }

    private Invocation invoke(String command, String[] words, Object... more) {
        List<Object> all = new ArrayList<>(List.of(command, model));
        all.addAll(List.of((Object[]) words));
        all.addAll(List.of(more));
        return Invocation.of(all.toArray());
    }

    @Test
    void statisticsAreWrittenAndReadAgain() throws IOException {
        Path statistics = folder.resolve("model.statistics");
        planned("--statistics", statistics.toString());
        String measured = Files.readString(plan);
        Invocation run =
                Invocation.of(
                                "plan",
                                model,
                                "--recipe",
                                "int8",
                                "--corrections",
                                "none",
                                "--statistics",
                                statistics)
                        .succeeded();
        assertThat(run.out()).isEqualTo(measured);
        assertThat(run.err()).contains("nothing was tried out");
    }

    @Test
    void aLimitThatNothingMeetsLeavesNothingToQuantize() {
        Invocation run =
                Invocation.of(
                        "quantize",
                        model,
                        "-o",
                        small,
                        "--recipe",
                        "int8",
                        "--data",
                        data,
                        "--corrections",
                        "none",
                        "--max-loss",
                        "0");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("there is nothing to quantize", "left in float to keep");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--calibration min-max",
                "--activation-bits 16",
                "--target avx2",
                "--corrections none",
                "--max-loss 0.1",
                "--statistics f",
                "--recipe int8 --block 32",
                "--recipe int8 --granularity block:32",
                "--recipe int8 --activations float --calibration min-max",
                "--recipe int8 --activation-bits 12",
                "--recipe int8 --activation-bits 1",
                "--recipe int8 --activations 1",
                "--recipe int8 --calibration guess",
                "--recipe int8 --target arm",
                "--recipe int8 --corrections all",
                "--recipe int8 --max-loss 0.1",
                "--recipe int8 --max-loss -1 --data d",
                "--recipe int8 --data d --statistics a --statistics b",
                "--recipe int4-weights --block 32 --granularity channel",
                "--plan p --calibration min-max"
            })
    void optionsThatMeanNothingAreRefused(String options) {
        String[] words = ("plan " + model + " " + options).split(" ", -1);
        Invocation run = Invocation.of((Object[]) words);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("fewbit: ");
    }

    private void planned(String... options) {
        Object[] words = new Object[options.length + 10];
        Object[] fixed = {
            "plan", model, "--recipe", "int8", "--data", data, "--corrections", "none", "-o", plan
        };
        System.arraycopy(fixed, 0, words, 0, fixed.length);
        System.arraycopy(options, 0, words, fixed.length, options.length);
        Invocation.of(words).succeeded();
    }
}
