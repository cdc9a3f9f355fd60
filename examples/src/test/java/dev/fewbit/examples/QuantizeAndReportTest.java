package dev.fewbit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Findings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class QuantizeAndReportTest {

    /**
     * Noise of one rounding to 8 bits, relative to the signal. Weights are uniform in [-1, 1): step
     * 2/254, variance of the error step^2/12, variance of the signal 1/3. Activations span at most
     * 12 standard deviations (of a normal input and of sums of many terms): step 12/255.
     */
    private static final double WEIGHT_NOISE = Math.pow(2.0 / 254, 2) / 12 * 3;

    private static final double ACTIVATION_NOISE = Math.pow(12.0 / 255, 2) / 12;

    @Test
    void quantizesComparesAndReports(@TempDir Path folder) throws IOException {
        Path model = Perceptron.write(folder.resolve("model.onnx"));
        Path small = folder.resolve("small.onnx");
        Path report = folder.resolve("report.html");

        Findings findings = QuantizeAndReport.run(model, small, report);

        // Three products in a row, the noise of each added: 1 - noise / 2 is the expected cosine;
        // twice that distance leaves room for the spread between samples.
        double noise = 3 * (WEIGHT_NOISE + ACTIVATION_NOISE);
        Comparison comparison = findings.comparison();
        assertThat(comparison).isNotNull();
        assertThat(comparison.outputs().getFirst().cosineMinimum()).isGreaterThan(1 - noise);
        assertThat(findings.verdict()).isNotNull();
        assertThat(findings.weights())
                .extracting("tensor")
                .containsExactly(Perceptron.FIRST, Perceptron.MIDDLE, Perceptron.LAST);

        // 4 bytes a weight become 1, and the graph around them is a few kilobytes.
        assertThat(Files.size(small)).isLessThan(Files.size(model) / 4 + 16_384);
        assertThat(Files.readString(report))
                .startsWith("<!DOCTYPE html>")
                .contains(Perceptron.MIDDLE)
                .contains(findings.verdict().headline().replace(">", "&gt;"));
    }
}
