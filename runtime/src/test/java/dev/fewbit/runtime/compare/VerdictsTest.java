package dev.fewbit.runtime.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Comparison.Inputs;
import dev.fewbit.core.findings.Comparison.LayerError;
import dev.fewbit.core.findings.Comparison.OutputError;
import dev.fewbit.core.findings.Comparison.Performance;
import dev.fewbit.core.findings.ModelFacts;
import dev.fewbit.core.findings.TaskMetric;
import dev.fewbit.core.findings.TaskMetric.Unit;
import dev.fewbit.core.findings.Verdict;
import dev.fewbit.core.findings.Verdict.Grade;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

class VerdictsTest {

    private static ModelFacts facts(double megabytes) {
        return new ModelFacts("m.onnx", (long) (megabytes * 1e6), 0, 0, 0, 8, Map.of());
    }

    private static Performance speed(double latency, double megabytes) {
        return new Performance(
                1, latency, latency * 0.95, latency * 1.05, (long) (megabytes * 1e6), List.of());
    }

    private static Verdict judge(
            double smaller, double faster, double lighter, boolean random, OutputError... outputs) {
        Comparison comparison =
                new Comparison(
                        new Inputs("data.npz", 100, random),
                        List.of(outputs),
                        List.of(),
                        speed(6, lighter * 10),
                        speed(6 / faster, 10),
                        "1.0",
                        2,
                        "CPU",
                        List.of());
        return Verdicts.judge(facts(smaller * 20), facts(20), comparison);
    }

    private static OutputError output(double cosine, double sqnr) {
        return new OutputError("states", sqnr, cosine, cosine - 0.005, 1, 0.8);
    }

    @ParameterizedTest
    @CsvSource({
        // smaller, faster, lighter, cosine, SQNR, random, grade, words
        "3.9, 2.6, 2.5, 0.9935, 18.8, false, WORTH_IT, 'Worth it: 3.9x smaller, 2.6x faster, cosine"
                + " 0.9935.'",
        "3.9, 1.0, 1.0, 0.9996, 31.0, false, WORTH_IT, 'Worth it: 3.9x smaller, same speed, cosine"
                + " 0.9996.'",
        "7.0, 1.5, 1.0, 0.967, 11.8, false, WITH_CARE, 'Check it on your task: 7.0x smaller, 1.5x"
                + " faster, cosine 0.9670.'",
        "1.1, 0.714, 1.0, 0.999, 30, false, NOT_WORTH_IT, 'Not worth it: slower than the float"
                + " model (1.4x) and only 1.1x smaller.'",
        "4.0, 0.25, 1.0, 0.999, 30, false, NOT_WORTH_IT, 'Not worth it: slower than the float model"
                + " (4.0x), though 4.0x smaller.'",
        "7.9, 0.5, 1.0, 0.999, 30, false, WITH_CARE, 'Smaller, but at a price: 7.9x smaller, 2.0x"
                + " slower, cosine 0.9990.'",
        "1.0, 1.0, 1.0, 1.0, Infinity, false, NOT_WORTH_IT, 'Not worth it: nothing gained, same"
                + " size, same speed.'",
        "1.0, 1.0, 2.0, 0.9999, 38, false, WORTH_IT, 'Worth it: same size, same speed, cosine"
                + " 0.9999.'",
        "4.0, 3.0, 3.0, 0.4, 0.5, false, NOT_WORTH_IT, 'Not worth it: the outputs are no longer"
                + " those of the float model, cosine 0.4000.'",
        "4.0, 3.0, 3.0, 0.995, 2.0, false, NOT_WORTH_IT, 'Not worth it: the outputs are no longer"
                + " those of the float model, cosine 0.9950.'",
        "4.0, 3.0, 3.0, 0.99999, 46, true, WITH_CARE, 'Promising: 4.0x smaller, 3.0x faster, cosine"
                + " >0.9999 on random inputs; random inputs say little about real use.'",
        "4.0, 3.0, 3.0, 0.7, 2.5, true, WITH_CARE, 'Check it on your data: 4.0x smaller, 3.0x"
                + " faster, cosine 0.7000 on random inputs; random inputs say little about real"
                + " use.'",
        "4.0, 3.0, 3.0, 0.3, 0.1, true, NOT_WORTH_IT, 'Not worth it: the outputs are no longer"
                + " those of the float model, cosine 0.3000 on random inputs.'",
        "0.9, 0.5, 1.0, 0.999, 30, false, NOT_WORTH_IT, 'Not worth it: slower than the float model"
                + " (2.0x) and not smaller.'",
        "0.5, 1.0, 1.0, 0.999, 30, false, NOT_WORTH_IT, 'Not worth it: nothing gained, 2.0x larger,"
                + " same speed.'",
    })
    void judges(
            double smaller,
            double faster,
            double lighter,
            double cosine,
            double sqnr,
            boolean random,
            Grade grade,
            String headline) {
        Verdict verdict = judge(smaller, faster, lighter, random, output(cosine, sqnr));
        assertThat(verdict.headline()).isEqualTo(headline);
        assertThat(verdict.grade()).isEqualTo(grade);
        assertThat(verdict.reasons().stream().anyMatch(reason -> reason.contains("random")))
                .isEqualTo(random);
    }

    @Test
    void theWorstOutputCounts() {
        Verdict verdict = judge(4, 2, 2, false, output(0.999, 30), output(0.9, 7));
        assertThat(verdict.grade()).isEqualTo(Grade.WITH_CARE);
        assertThat(verdict.headline()).contains("cosine 0.9000");
    }

    @Test
    void notANumberIsBroken() {
        OutputError broken = new OutputError("y", Double.NEGATIVE_INFINITY, 0.99, 0, 1, 0);
        assertThat(judge(4, 2, 2, true, broken).grade()).isEqualTo(Grade.NOT_WORTH_IT);
    }

    @Test
    void theLargestElementCountsOnlyWhereItMeansSomething() {
        OutputError scores = new OutputError("logits", 30, 0.999, 0.99, 1, 0.8);
        assertThat(judge(4, 2, 2, false, scores).grade()).isEqualTo(Grade.WITH_CARE);
        OutputError states = new OutputError("last_hidden_state", 30, 0.999, 0.99, 1, 0.8);
        assertThat(judge(4, 2, 2, false, states).grade()).isEqualTo(Grade.WORTH_IT);
    }

    @Test
    void withoutOutputsNothingIsPromised() {
        assertThat(judge(4, 2, 2, false).grade()).isEqualTo(Grade.WITH_CARE);
    }

    @Test
    void whatWasNotMeasuredIsNotSaid() {
        Comparison comparison =
                new Comparison(
                        new Inputs("data.npz", 100, false),
                        List.of(output(0.999, 30)),
                        List.of(),
                        new Performance(-1, -1, -1, -1, -1, List.of()),
                        new Performance(-1, -1, -1, -1, -1, List.of()),
                        "1.0",
                        2,
                        "CPU",
                        List.of());
        Verdict verdict = Verdicts.judge(facts(80), facts(20), comparison);
        assertThat(verdict.headline()).isEqualTo("Worth it: 4.0x smaller, cosine 0.9990.");
        assertThat(verdict.reasons()).hasSize(2);
    }

    @Test
    void theWorstLayerIsOneThatHoldsWeights() {
        Comparison comparison =
                new Comparison(
                        new Inputs("data.npz", 100, false),
                        List.of(output(0.999, 30)),
                        List.of(
                                new LayerError("mean", "n0", "ReduceMean", 2, 0.5),
                                new LayerError("first", "n1", "MatMul", 31, 0.9999),
                                new LayerError("second", "n2", "Conv", 18.04, 0.99)),
                        speed(6, 10),
                        speed(3, 10),
                        "1.0",
                        2,
                        "CPU",
                        List.of());
        assertThat(Verdicts.judge(facts(80), facts(20), comparison).reasons())
                .endsWith("Inside, the error is largest at 'second' (Conv): SQNR 18.0 dB.");
    }

    @Test
    void reasonsAreTheFigures() {
        assertThat(judge(4, 2, 2, false, output(0.995, 20)).reasons())
                .containsExactly(
                        "File: 80.0 MB to 20.0 MB (4.0x smaller).",
                        "Latency on 2 threads: 6.00 ms to 3.00 ms (2.0x faster).",
                        "Memory: 20.0 MB to 10.0 MB (2.0x less).",
                        "Output 'states': cosine 0.9950, 0.9900 in the worst of 100 samples; SQNR"
                                + " 20.0 dB; same largest element in 80.0 % of rows.");
    }

    private static Verdict judge(TaskMetric metric, boolean random, OutputError output) {
        Comparison comparison =
                new Comparison(
                        new Inputs("data.npz", 500, random),
                        List.of(metric),
                        List.of(output),
                        List.of(),
                        speed(6, 10),
                        speed(3, 10),
                        "1.0",
                        2,
                        "CPU",
                        List.of());
        return Verdicts.judge(facts(80), facts(20), comparison);
    }

    private static TaskMetric accuracy(
            double original, double quantized, long samples, double error) {
        return new TaskMetric(
                "top-1 accuracy", Unit.SHARE, true, original, quantized, samples, 0.02, error);
    }

    /** The outputs are far apart in all of these; the metric decides where it may. */
    @ParameterizedTest
    @CsvSource({
        // float, quantized, samples, error of the difference, random, grade, words
        "0.600, 0.595, 500, 0.001, false, WORTH_IT, 'Worth it: 4.0x smaller, 2.0x faster, top-1"
                + " accuracy 60.0 % to 59.5 %.'",
        "0.600, 0.650, 500, 0.001, false, WORTH_IT, 'Worth it: 4.0x smaller, 2.0x faster, top-1"
                + " accuracy 60.0 % to 65.0 %.'",
        "0.600, 0.580, 500, 0.011, false, WORTH_IT, 'Worth it: 4.0x smaller, 2.0x faster, top-1"
                + " accuracy 60.0 % to 58.0 %.'",
        "0.600, 0.580, 500, 0.005, false, WITH_CARE, 'The task suffers: 4.0x smaller, 2.0x faster,"
                + " top-1 accuracy 60.0 % to 58.0 %.'",
        "0.600, 0.595, 500, 0.016, false, WITH_CARE, 'More samples are needed to tell: 4.0x"
                + " smaller, 2.0x faster, top-1 accuracy 60.0 % to 59.5 %.'",
        "0.600, 0.560, 500, 0.050, false, WITH_CARE, 'The task suffers: 4.0x smaller, 2.0x faster,"
                + " top-1 accuracy 60.0 % to 56.0 %.'",
        "0.600, 0.400, 500, 0.050, false, NOT_WORTH_IT, 'Not worth it: the task is lost, top-1"
                + " accuracy 60.0 % to 40.0 %.'",
        "0.600, 0.600, 99, 0.001, false, WITH_CARE, 'Check it on your task: 4.0x smaller, 2.0x"
                + " faster, cosine 0.9000.'",
        "0.010, 0.010, 500, 0.001, false, WITH_CARE, 'Check it on your task: 4.0x smaller, 2.0x"
                + " faster, cosine 0.9000.'",
        "0.600, 0.600, 500, 0.001, true, WITH_CARE, 'Check it on your data: 4.0x smaller, 2.0x"
                + " faster, cosine 0.9000 on random inputs; random inputs say little about real"
                + " use.'",
    })
    void theTasksMetricDecides(
            double original,
            double quantized,
            long samples,
            double error,
            boolean random,
            Grade grade,
            String headline) {
        Verdict verdict =
                judge(accuracy(original, quantized, samples, error), random, output(0.9, 7));
        assertThat(verdict.headline()).isEqualTo(headline);
        assertThat(verdict.grade()).isEqualTo(grade);
    }

    @Test
    void aMetricDoesNotHideOutputsThatAreNotFinite() {
        OutputError broken = new OutputError("y", Double.NEGATIVE_INFINITY, 0.99, 0, 1, 0);
        assertThat(judge(accuracy(0.6, 0.6, 500, 0), false, broken).grade())
                .isEqualTo(Grade.NOT_WORTH_IT);
        assertThat(judge(accuracy(0.6, Double.NaN, 500, 0), false, output(1, 50)).grade())
                .isEqualTo(Grade.NOT_WORTH_IT);
    }

    /** Of perplexity the share counts: 2 % is kept, half of it is lost. */
    @ParameterizedTest
    @CsvSource({"4.0, 4.07, WORTH_IT", "4.0, 4.5, WITH_CARE", "4.0, 6.1, NOT_WORTH_IT"})
    void perplexityIsBetterWhenLower(double original, double quantized, Grade grade) {
        TaskMetric perplexity =
                new TaskMetric(
                        "perplexity", Unit.NUMBER, false, original, quantized, 9999, 0.1, 0.001);
        Verdict verdict = judge(perplexity, false, output(0.9, 7));
        assertThat(verdict.grade()).isEqualTo(grade);
        assertThat(verdict.reasons())
                .anyMatch(reason -> reason.startsWith("Perplexity 4.000 to " + quantized));
    }
}
