package dev.fewbit.runtime.compare;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Comparison.LayerError;
import dev.fewbit.core.findings.Comparison.OutputError;
import dev.fewbit.core.findings.Comparison.Performance;
import dev.fewbit.core.findings.ModelFacts;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The figures behind a verdict, a sentence each. */
final class Reasons {

    private Reasons() {}

    static List<String> of(
            ModelFacts original,
            ModelFacts quantized,
            Comparison comparison,
            @Nullable OutputError worst) {
        List<String> reasons = new ArrayList<>();
        reasons.add(
                text(
                        "File: %s to %s (%s).",
                        bytes(original.fileBytes()),
                        bytes(quantized.fileBytes()),
                        times((double) original.fileBytes() / quantized.fileBytes())));
        Performance before = comparison.original();
        Performance after = comparison.quantized();
        if (before.latencyMillis() > 0 && after.latencyMillis() > 0) {
            reasons.add(
                    text(
                            "Latency: %s ms to %s ms (%s) on %d %s.",
                            millis(before.latencyMillis()),
                            millis(after.latencyMillis()),
                            times(before.latencyMillis() / after.latencyMillis()),
                            comparison.threads(),
                            comparison.threads() == 1 ? "thread" : "threads"));
            if (before.latencyLowMillis() <= after.latencyHighMillis()
                    && after.latencyLowMillis() <= before.latencyHighMillis()) {
                reasons.add(
                        "The two latencies overlap between their 10th and 90th percentiles, so the"
                                + " difference may be chance.");
            }
        }
        if (before.memoryBytes() > 0 && after.memoryBytes() > 0) {
            reasons.add(
                    text(
                            "Memory: %s to %s (%s).",
                            bytes(before.memoryBytes()),
                            bytes(after.memoryBytes()),
                            times((double) before.memoryBytes() / after.memoryBytes())));
        }
        if (worst != null) {
            reasons.add(
                    text(
                            "Output '%s': cosine %s, %s in the worst of %d samples; SQNR %s; same"
                                    + " largest element in %.1f %% of rows.",
                            worst.name(),
                            cosine(worst.cosineMean()),
                            cosine(worst.cosineMinimum()),
                            comparison.inputs().samples(),
                            decibels(worst.sqnrDecibels()),
                            100 * worst.topOneAgreement()));
        }
        worstLayer(comparison)
                .ifPresent(
                        layer ->
                                reasons.add(
                                        text(
                                                "Inside, the error is largest at '%s' (%s): SQNR"
                                                        + " %s.",
                                                layer.value(),
                                                layer.operator(),
                                                decibels(layer.sqnrDecibels()))));
        if (comparison.inputs().random()) {
            reasons.add(
                    "The inputs were random: repeat the comparison on data of your own before you"
                            + " trust the errors.");
        }
        return reasons;
    }

    private static Optional<LayerError> worstLayer(Comparison comparison) {
        return comparison.layers().stream()
                .filter(layer -> Double.isFinite(layer.sqnrDecibels()))
                .min(Comparator.comparingDouble(LayerError::sqnrDecibels));
    }

    /** For example {@code 3.9x}. */
    static String times(double ratio) {
        return text(ratio < 10 ? "%.1fx" : "%.0fx", ratio);
    }

    /** Four decimals, rounded down: a cosine that is not 1 never reads as 1. */
    static String cosine(double cosine) {
        return cosine < 1 && cosine > 0.9999
                ? ">0.9999"
                : text("%.4f", Math.floor(cosine * 10000) / 10000);
    }

    private static String decibels(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "infinite (nothing changed)" : "none (not finite)";
        }
        return text("%.1f dB", value);
    }

    private static String millis(double value) {
        return text(value < 10 ? "%.2f" : "%.1f", value);
    }

    private static String bytes(double value) {
        if (value >= 1e9) {
            return text("%.2f GB", value / 1e9);
        }
        return value >= 1e6 ? text("%.1f MB", value / 1e6) : text("%.1f kB", value / 1e3);
    }

    private static String text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
