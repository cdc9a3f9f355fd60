package dev.fewbit.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.Activations;
import dev.fewbit.Fewbit;
import dev.fewbit.FewbitException;
import dev.fewbit.PrecisionSearching;
import dev.fewbit.QuantizationResult;
import dev.fewbit.Recipe;
import dev.fewbit.WeightFamily;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.rounding.RoundingData;
import dev.fewbit.rounding.RoundingNet;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class PrecisionSearchTest {
    private static final long[] PICTURE = {1, 8, 10, 10};
    private static final long[] ROWS = {1, 6, 64};

    @TempDir Path folder;

    private Path original;
    private Path small;
    private Path measurements;

    @BeforeEach
    void choosePaths() {
        original = folder.resolve("float.onnx");
        small = folder.resolve("small.onnx");
        measurements = folder.resolve("measurements");
    }

    private PrecisionSearching search(long... shape) throws IOException {
        Path data = folder.resolve("data.jsonl");
        if (!Files.exists(data)) {
            RoundingData.write(data, RoundingData.samples(48, 1, shape));
        }
        return Fewbit.search(original, data).threads(2).measurements(measurements);
    }

    private double error(Path model, long... shape) throws IOException {
        return RoundingData.error(model, original, RoundingData.samples(40, 2, shape), folder);
    }

    @Test
    void mixedConvolutionsAreBetterThanFixedOnesOfTheirSize() throws IOException {
        RoundingNet.convolutions(original);
        Path fixed = folder.resolve("fixed.onnx");
        search(PICTURE);
        Fewbit.quantize(original)
                .recipe(Recipe.INT3.withAllLayersAlike())
                .data(folder.resolve("data.jsonl"))
                .writeTo(fixed);
        QuantizationResult found = search(PICTURE).maximumBytes(Files.size(fixed)).writeTo(small);
        assertThat(Files.size(small)).isLessThanOrEqualTo(Files.size(fixed));
        assertThat(found.quantized().fileBytes()).isEqualTo(Files.size(small));
        assertThat(error(small, PICTURE)).isLessThan(error(fixed, PICTURE));
        assertThat(widths(found)).hasSizeGreaterThan(1);
        assertThat(found.plan().weights())
                .allMatch(weight -> weight.reason().contains("of the predicted loss"));
    }

    @Test
    void mixedProductsAreBetterThanFixedOnesOfTheirSize() throws IOException {
        RoundingNet.products(original);
        Path fixed = folder.resolve("fixed.onnx");
        search(ROWS);
        Fewbit.quantize(original)
                .recipe(Recipe.INT3)
                .data(folder.resolve("data.jsonl"))
                .writeTo(fixed);
        search(ROWS).maximumBytes(Files.size(fixed)).writeTo(small);
        assertThat(Files.size(small)).isLessThanOrEqualTo(Files.size(fixed));
        assertThat(error(small, ROWS)).isLessThan(error(fixed, ROWS));
    }

    private static Set<Integer> widths(QuantizationResult result) {
        return result.plan().weights().stream()
                .map(weight -> weight.format().bits())
                .collect(Collectors.toSet());
    }

    @Test
    void anInterruptedSearchGoesOnAndGivesTheSame() throws IOException {
        RoundingNet.convolutions(original);
        search(PICTURE).maximumBytes(20_000).writeTo(small);
        byte[] whole = Files.readAllBytes(small);
        Path log;
        try (Stream<Path> files = Files.walk(measurements)) {
            log = files.filter(file -> file.endsWith("measurements.tsv")).findFirst().orElseThrow();
        }
        List<String> lines = Files.readAllLines(log);
        Files.writeString(
                log, String.join("\n", lines.subList(0, lines.size() / 2)) + "\n0.123\tlo");
        try (Stream<Path> files = Files.walk(log.resolveSibling("weights"))) {
            int number = 0;
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (number++ % 3 == 0) {
                    Files.delete(file);
                }
            }
        }
        search(PICTURE).maximumBytes(20_000).writeTo(small);
        assertThat(small).hasBinaryContent(whole);
        List<String> after = Files.readAllLines(log);
        assertThat(after).containsExactlyInAnyOrderElementsOf(lines);
    }

    @Test
    void theNumberOfThreadsDoesNotMatter() throws IOException {
        RoundingNet.products(original);
        search(ROWS).maximumBytes(20_000).threads(1).writeTo(small);
        Path other = folder.resolve("other.onnx");
        search(ROWS)
                .maximumBytes(20_000)
                .threads(3)
                .measurements(folder.resolve("other"))
                .writeTo(other);
        assertThat(other).hasSameBinaryContentAs(small);
    }

    @Test
    void anotherBudgetMeasuresNoLayerAgain() throws IOException {
        RoundingNet.convolutions(original);
        search(PICTURE).maximumBytes(20_000).quick().writeTo(small);
        QuantizationResult second = search(PICTURE).maximumBytes(25_000).quick().writeTo(small);
        try (Stream<Path> files = Files.walk(measurements)) {
            Path log =
                    files.filter(file -> file.endsWith("measurements.tsv"))
                            .findFirst()
                            .orElseThrow();
            List<String> keys =
                    Files.readAllLines(log).stream()
                            .map(line -> line.substring(line.indexOf('\t') + 1))
                            .toList();
            assertThat(keys).doesNotHaveDuplicates();
        }
        assertThat(second.quantized().fileBytes()).isLessThanOrEqualTo(25_000);
    }

    @Test
    void moreBytesLoseLess() throws IOException {
        RoundingNet.products(original);
        double before = Double.POSITIVE_INFINITY;
        for (long bytes : new long[] {16_000, 18_000, 24_000, 40_000}) {
            search(ROWS).maximumBytes(bytes).quick().writeTo(small);
            double error = error(small, ROWS);
            assertThat(error).isLessThan(before);
            before = error;
        }
    }

    @Test
    void theSmallestModelWithinALossIsFound() throws IOException {
        RoundingNet.products(original);
        QuantizationResult loose = search(ROWS).maximumLoss(0.05).quick().writeTo(small);
        double error = error(small, ROWS);
        QuantizationResult strict = search(ROWS).maximumLoss(0.002).quick().writeTo(small);
        assertThat(strict.quantized().fileBytes()).isGreaterThan(loose.quantized().fileBytes());
        assertThat(error(small, ROWS)).isLessThan(error);
    }

    @Test
    void formatsAndWidthsAreThoseThatWereAskedFor() throws IOException {
        RoundingNet.products(original);
        QuantizationResult result =
                search(ROWS)
                        .maximumBytes(30_000)
                        .formats(EnumSet.of(WeightFamily.CODEBOOK), false)
                        .bits(3, 4)
                        .activations(Activations.FLOAT, 8)
                        .quick()
                        .writeTo(small);
        assertThat(result.plan().weights())
                .isNotEmpty()
                .extracting(WeightPlan::format)
                .allMatch(
                        format ->
                                WeightFamily.of(format) == WeightFamily.CODEBOOK
                                        && format.bits() >= 3
                                        && format.bits() <= 4);
    }

    @Test
    void aSizeThatCannotBeReachedIsRefusedWithTheSmallestOne() throws IOException {
        RoundingNet.products(original);
        assertThatThrownBy(() -> search(ROWS).maximumBytes(3_000).writeTo(small))
                .isInstanceOf(FewbitException.class)
                .hasMessageContaining("3,000 bytes cannot be made")
                .hasMessageContaining("the smallest one takes");
        assertThat(small).doesNotExist();
    }

    @Test
    void aSizeAndALossThatExcludeEachOtherAreRefused() throws IOException {
        RoundingNet.products(original);
        assertThatThrownBy(
                        () ->
                                search(ROWS)
                                        .maximumBytes(16_000)
                                        .maximumLoss(1e-4)
                                        .quick()
                                        .writeTo(small))
                .isInstanceOf(FewbitException.class)
                .hasMessageContaining("no model within the limits loses 1.0E-4 or less");
        assertThat(small).doesNotExist();
    }
}
