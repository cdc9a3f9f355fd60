package dev.fewbit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Searches, from end to end. Measurements are shared, so that layers are measured once. */
class SearchTest {

    @TempDir static Path shared;
    private static TestNet convolutions;
    private static TestNet products;

    @TempDir Path folder;
    private Path small;

    /** A small model with data. */
    record TestNet(Path model, Path data) {
        long bytes() throws IOException {
            return Files.size(model);
        }

        @Override
        public String toString() {
            return model.getFileName().toString();
        }
    }

    @BeforeAll
    static void write() throws IOException {
        convolutions =
                new TestNet(
                        TestModels.convolutions(shared.resolve("convolutions.onnx")),
                        Files.write(shared.resolve("convolutions.jsonl"), TestModels.pictures(24)));
        products =
                new TestNet(
                        TestModels.transformer(shared.resolve("products.onnx")),
                        Files.write(shared.resolve("products.jsonl"), TestModels.sentences(24)));
    }

    static Stream<TestNet> nets() {
        return Stream.of(convolutions, products);
    }

    @BeforeEach
    void choosePath() {
        small = folder.resolve("small.onnx");
    }

    private Invocation search(TestNet net, Object... options) {
        return searchIn(shared.resolve("measurements"), net, options);
    }

    private Invocation searchIn(Path measurements, TestNet net, Object... options) {
        List<Object> line = new ArrayList<>(List.of("search", net.model(), "-o", small));
        line.addAll(List.of("--data", net.data(), "--measurements", measurements));
        line.addAll(List.of(options));
        return Invocation.of(line.toArray());
    }

    @ParameterizedTest
    @MethodSource("nets")
    void theModelIsNoLargerThanItMayBe(TestNet net) throws IOException {
        long most = net.bytes() * 2 / 5;
        Invocation run = search(net, "--max-size", most).succeeded();
        assertThat(Files.size(small)).isLessThanOrEqualTo(most);
        assertThat(run.out())
                .contains("recipe   search", "search: ", "figures measured on 6 samples")
                .contains("Search", "Loss is relative error of the outputs")
                .containsPattern("all 8 bits +[0-9.]+ kB")
                .containsPattern("mixed, chosen +[0-9.]+ kB");
        Invocation.of("compare", net.model(), small, "--data", net.data(), "--min-cosine", 0.9)
                .succeeded();
    }

    @ParameterizedTest
    @MethodSource("nets")
    void aSizeMayBeAShareOfTheFloatModel(TestNet net) throws IOException {
        search(net, "--max-size", "45%", "--quick").succeeded();
        long large = Files.size(small);
        search(net, "--max-size", "33%", "--quick").succeeded();
        assertThat(large).isLessThanOrEqualTo(net.bytes() * 45 / 100);
        assertThat(Files.size(small)).isLessThanOrEqualTo(net.bytes() * 33 / 100).isLessThan(large);
    }

    @Test
    void aLossAloneAsksForTheSmallestModelThatLosesNoMore() throws IOException {
        JsonNode found = search(products, "--max-loss", "0.002", "--quick", "--json").json();
        assertThat(found.at("/search/limits/loss").asDouble()).isEqualTo(0.002);
        assertThat(found.at("/search/chosen/measuredLoss").asDouble()).isLessThanOrEqualTo(0.002);
        long strict = Files.size(small);
        search(products, "--max-loss", "0.02", "--quick").succeeded();
        assertThat(Files.size(small)).isLessThan(strict);
    }

    @Test
    void aTimeThatAnyModelKeepsLimitsNothing() throws IOException {
        search(convolutions, "--max-latency", "60s", "--quick").succeeded();
        long free = Files.size(small);
        JsonNode found =
                search(
                                convolutions,
                                "--max-latency",
                                "60s",
                                "--max-size",
                                "5 KB",
                                "--quick",
                                "--json")
                        .succeeded()
                        .json();
        assertThat(Files.size(small)).isLessThanOrEqualTo(5000).isLessThan(free);
        assertThat(found.at("/search/limits/seconds").asDouble()).isEqualTo(60);
        assertThat(found.at("/search/limits/bytes").asLong()).isEqualTo(5000);
    }

    @Test
    void aTimeThatNoModelKeepsIsRefusedWithTheFastestOne() {
        assertThat(search(convolutions, "--max-latency", "1ns").failed(ExitCode.FAILURE).err())
                .containsPattern(
                        "no model runs in .* on this machine: the fastest one found takes [0-9.]+"
                                + " ms");
        assertThat(small).doesNotExist();
    }

    @Test
    void formatsAndWidthsAreThoseThatWereAskedForAndThePlanGoesBack() throws IOException {
        Path plan = folder.resolve("plan.yaml");
        search(
                        products,
                        "--max-size",
                        24_000,
                        "--formats",
                        "affine, pow2",
                        "--bits",
                        "3-5",
                        "--quick",
                        "--plan-out",
                        plan)
                .succeeded();
        String yaml = Files.readString(plan);
        Matcher format = Pattern.compile("format: (\\S+)").matcher(yaml);
        List<String> formats = format.results().map(match -> match.group(1)).toList();
        assertThat(formats)
                .hasSize(3)
                .allMatch(name -> name.matches("u?int[345]|pow2-[345]|apot-5"));
        assertThat(yaml).contains("of the predicted loss");

        Path again = folder.resolve("again.onnx");
        Invocation.of(
                        "quantize",
                        products.model(),
                        "-o",
                        again,
                        "--plan",
                        plan,
                        "--data",
                        products.data())
                .succeeded();
        assertThat(Files.size(again)).isEqualTo(Files.size(small));
    }

    @Test
    void withJsonStandardOutputIsOneDocument() {
        Invocation run = search(convolutions, "--max-size", "5KB", "--json").succeeded();
        JsonNode search = run.json().get("search");
        assertThat(search.at("/limits/bytes").asLong()).isEqualTo(5000);
        assertThat(search.at("/chosen/bytes").asLong()).isEqualTo(small.toFile().length());
        assertThat(search.get("front").size()).isGreaterThan(2);
        assertThat(search.get("fixed").size()).isGreaterThan(1);
        assertThat(search.get("layers")).hasSize(2);
        for (JsonNode layer : search.get("layers")) {
            assertThat(layer.get("reason").asText()).contains("of the predicted loss");
        }
        assertThat(run.json().get("comparison").isNull()).isTrue();
        assertThat(run.err()).contains("mixed, chosen");
    }

    @Test
    void theReportTellsOfTheSearch() {
        Path report = folder.resolve("report.html");
        Invocation run = search(convolutions, "--max-size", "5KB", "--report", report).succeeded();
        assertThat(run.out()).contains("Side by side", "Report: " + report);
        assertThat(report)
                .content()
                .contains("Size against loss, and what each layer got", "pareto-wide");
    }

    @Test
    void anotherSizeMeasuresNoLayerAgain() throws IOException {
        Path measurements = folder.resolve("measurements");
        searchIn(measurements, convolutions, "--max-size", "5KB", "--quick").succeeded();
        List<String> before = figures(measurements);
        searchIn(measurements, convolutions, "--max-size", "4500", "--quick").succeeded();
        List<String> after = figures(measurements);
        assertThat(after.subList(0, before.size())).isEqualTo(before);
        // Whole models are measured for each size; how they look is in the key.
        assertThat(after.subList(before.size(), after.size()))
                .allMatch(line -> line.contains("\tnetwork "));
        assertThat(before).anyMatch(line -> line.contains("\tloss conv1 "));
    }

    private static List<String> figures(Path measurements) throws IOException {
        try (Stream<Path> files = Files.walk(measurements)) {
            Path log =
                    files.filter(file -> file.endsWith("measurements.tsv"))
                            .findFirst()
                            .orElseThrow();
            return Files.readAllLines(log);
        }
    }

    @Test
    void aSizeThatCannotBeReachedIsRefusedWithTheSmallestOne() throws IOException {
        Files.writeString(small, "of another day");
        String err = search(products, "--max-size", "1KB").failed(ExitCode.FAILURE).err();
        Matcher smallest = Pattern.compile("the smallest one takes ([0-9,]+) bytes").matcher(err);
        assertThat(err).contains("a model of 1,000 bytes cannot be made");
        assertThat(smallest.find()).isTrue();
        assertThat(small).hasContent("of another day");

        String bytes = smallest.group(1).replace(",", "");
        search(products, "--max-size", bytes, "--quick").succeeded();
        assertThat(Files.size(small)).isLessThanOrEqualTo(Long.parseLong(bytes));
    }

    @Test
    void gatesDecideTheExitCode() {
        search(convolutions, "--max-size", "5KB", "--quick", "--min-cosine", "0.9").succeeded();
        Invocation missed =
                search(convolutions, "--max-size", "5KB", "--quick", "--min-sqnr", "90");
        assertThat(missed.code()).isEqualTo(ExitCode.GATE_MISSED);
        assertThat(missed.err()).contains("gate missed: output", "--min-sqnr asks for 90.00");
        assertThat(small).exists();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--data d.npz | say how small with --max-size",
                "--max-size 5KB | a search needs --data",
                "--data d.npz --max-size 5XB | --max-size takes a size such as 12MB",
                "--data d.npz --max-size 0KB | --max-size takes more than nothing",
                "--data d.npz --max-latency 12 | --max-latency takes a time such as 1.2ms",
                "--data d.npz --max-latency 5KB | --max-latency takes a time such as 1.2ms",
                "--data d.npz --max-loss -1 | --max-loss takes a number of at least 0, got -1",
                "--data d.npz --max-loss much | --max-loss takes a number, got 'much'",
                "--data d.npz --max-size 5KB --bits 2- | --bits takes a range such as 2-8",
                "--data d.npz --max-size 5KB --bits 1-8 | weights take 2 to 8 bits, got 1 to 8",
                "--data d.npz --max-size 5KB --bits 6-4 | weights take 2 to 8 bits, got 6 to 4",
                "--data d.npz --max-size 5KB --formats log | --formats takes some of affine, pow2,"
                        + " codebook, float, separated by commas, got 'log'",
                "--data d.npz --max-size 5KB --formats float | --formats needs one of affine, pow2"
                        + " and codebook",
                "--data d.npz --max-size 5KB --activations 4 | --activations takes one of 8, 16,"
                        + " dynamic, float, got '4'",
                "--data d.npz --max-size 5KB --samples 0 | --samples takes a number of at least 1",
                "--data d.npz --max-size 5KB --plan-out p.onnx | --plan-out p.onnx: a plan is YAML",
            })
    void mistakesAreExplained(String options, String message) {
        List<Object> line = new ArrayList<>(List.of("search", products.model(), "-o", small));
        line.addAll(List.of((Object[]) options.strip().split(" ")));
        assertThat(Invocation.of(line.toArray()).failed(ExitCode.USAGE).err())
                .contains(message.strip(), "Try fewbit search --help");
        assertThat(small).doesNotExist();
    }

    @Test
    void theModelItselfIsNotReplaced() throws IOException {
        byte[] before = Files.readAllBytes(products.model());
        small = products.model();
        assertThat(search(products, "--max-size", "30%").failed(ExitCode.USAGE).err())
                .contains("is the model itself");
        assertThat(products.model()).hasBinaryContent(before);
    }

    @Test
    void dataThatIsNotThereIsSaidBeforeTheSearch() {
        Path missing = folder.resolve("missing.npz");
        TestNet net = new TestNet(products.model(), missing);
        assertThat(search(net, "--max-size", "30%").failed(ExitCode.FAILURE).err())
                .contains("missing.npz: there is no such file");
        assertThat(
                        search(products, "--max-size", "30%", "--test-data", missing)
                                .failed(ExitCode.FAILURE)
                                .err())
                .contains("missing.npz: there is no such file", "--test-data");
        assertThat(small).doesNotExist();
    }
}
