package dev.fewbit.runtime.compare;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Comparison.LayerError;
import dev.fewbit.core.findings.Comparison.OutputError;
import dev.fewbit.core.findings.Comparison.Performance;
import dev.fewbit.core.findings.ModelFacts;
import dev.fewbit.core.findings.TaskMetric;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The figures behind a verdict, a sentence each. */
final class Reasons {

    /**
     * Where quantization acts, normalizations included, which convolutions may have melted into; a
     * mean that is nearly 0 has a low ratio and says nothing.
     */
    private static final Set<String> WEIGHTED =
            Set.of(
                    "MatMul",
                    "Gemm",
                    "Conv",
                    "ConvTranspose",
                    "Gather",
                    "LSTM",
                    "GRU",
                    "RNN",
                    "BatchNormalization");

    private Reasons() {}

    static List<String> of(
            ModelFacts original,
            ModelFacts quantized,
            Comparison comparison,
            @Nullable OutputError worst) {
        List<String> reasons = new ArrayList<>();
        reasons.add(
                "File: "
                        + bytes((double) original.fileBytes())
                        + " to "
                        + bytes((double) quantized.fileBytes())
                        + ratio(
                                (double) original.fileBytes(),
                                (double) quantized.fileBytes(),
                                "smaller",
                                "larger"));
        for (TaskMetric metric : comparison.metrics()) {
            String sentence = TaskJudgement.sentence(metric);
            reasons.add(sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1));
        }
        speed(comparison, reasons);
        if (worst != null) {
            reasons.add(
                    "Output '"
                            + worst.name()
                            + "': cosine "
                            + cosine(worst.cosineMean())
                            + ", "
                            + cosine(worst.cosineMinimum())
                            + " in the worst of "
                            + comparison.inputs().samples()
                            + " samples; SQNR "
                            + decibels(worst.sqnrDecibels())
                            + "; same largest element in "
                            + number(100 * worst.topOneAgreement(), 1)
                            + " % of rows.");
        }
        worstLayer(comparison)
                .ifPresent(
                        layer ->
                                reasons.add(
                                        "Inside, the error is largest at '"
                                                + layer.value()
                                                + "' ("
                                                + layer.operator()
                                                + "): SQNR "
                                                + decibels(layer.sqnrDecibels())
                                                + "."));
        if (comparison.inputs().random()) {
            reasons.add(
                    "The inputs were random: repeat the comparison on data of your own before you"
                            + " trust the errors.");
        }
        return reasons;
    }

    private static void speed(Comparison comparison, List<String> reasons) {
        Performance before = comparison.original();
        Performance after = comparison.quantized();
        if (before.latencyMillis() > 0 && after.latencyMillis() > 0) {
            reasons.add(
                    "Latency on "
                            + comparison.threads()
                            + (comparison.threads() == 1 ? " thread: " : " threads: ")
                            + millis(before.latencyMillis())
                            + " to "
                            + millis(after.latencyMillis())
                            + ratio(
                                    before.latencyMillis(),
                                    after.latencyMillis(),
                                    "faster",
                                    "slower"));
            if (before.latencyLowMillis() <= after.latencyHighMillis()
                    && after.latencyLowMillis() <= before.latencyHighMillis()) {
                reasons.add(
                        "The two latencies overlap between their 10th and 90th percentiles, so the"
                                + " difference may be chance.");
            }
        }
        if (before.memoryBytes() > 0 && after.memoryBytes() > 0) {
            reasons.add(
                    "Memory: "
                            + bytes((double) before.memoryBytes())
                            + " to "
                            + bytes((double) after.memoryBytes())
                            + ratio(
                                    (double) before.memoryBytes(),
                                    (double) after.memoryBytes(),
                                    "less",
                                    "more"));
        }
    }

    private static Optional<LayerError> worstLayer(Comparison comparison) {
        Set<String> outputs =
                comparison.outputs().stream().map(OutputError::name).collect(Collectors.toSet());
        return comparison.layers().stream()
                .filter(layer -> WEIGHTED.contains(layer.operator()))
                .filter(layer -> !outputs.contains(layer.value()))
                .filter(layer -> Double.isFinite(layer.sqnrDecibels()))
                .min(Comparator.comparingDouble(LayerError::sqnrDecibels));
    }

    /** For example {@code 3.9x}. */
    static String times(double ratio) {
        return number(ratio, ratio < 10 ? 1 : 0) + "x";
    }

    /** Four decimals, rounded down: a cosine that is not 1 never reads as 1. */
    static String cosine(double cosine) {
        return cosine < 1 && cosine > 0.9999
                ? ">0.9999"
                : number(Math.floor(cosine * 10000) / 10000, 4);
    }

    private static String ratio(double before, double after, String better, String worse) {
        double ratio = before / after;
        return " ("
                + (ratio >= 1 ? times(ratio) + " " + better : times(1 / ratio) + " " + worse)
                + ").";
    }

    private static String decibels(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "infinite (nothing changed)" : "none (not finite)";
        }
        return number(value, 1) + " dB";
    }

    private static String millis(double value) {
        return number(value, value < 10 ? 2 : 1) + " ms";
    }

    private static String bytes(double count) {
        if (count >= 1e9) {
            return number(count / 1e9, 2) + " GB";
        }
        return count >= 1e6 ? number(count / 1e6, 1) + " MB" : number(count / 1e3, 1) + " kB";
    }

    private static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
