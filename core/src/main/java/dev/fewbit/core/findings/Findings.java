package dev.fewbit.core.findings;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/**
 * All that is known of one float model and its quantized counterpart.
 *
 * @param toolVersion version of Fewbit that measured
 * @param recipe name of the recipe, or {@code null} when two existing files were compared
 * @param planHash hexadecimal hash of the plan that was carried out, or {@code null} when none was
 * @param seed seed of everything random in this measurement
 * @param original the float model
 * @param quantized the quantized model
 * @param weights what happened to every weight that was quantized, in the order of the graph
 * @param skipped every weight that was left alone, and why
 * @param comparison the two models side by side, or {@code null} when they were not run
 * @param verdict what a person should make of it, or {@code null} when the models were not run
 * @param warnings what a person must know of the way in which the plan was found, one sentence each
 * @param notes what was tried for the plan and what came of it, one sentence each
 * @param search what a search for the width of every layer found, or {@code null} if there was none
 */
public record Findings(
        String toolVersion,
        @Nullable String recipe,
        @Nullable String planHash,
        long seed,
        ModelFacts original,
        ModelFacts quantized,
        List<WeightFinding> weights,
        List<SkippedWeight> skipped,
        @Nullable Comparison comparison,
        @Nullable Verdict verdict,
        List<String> warnings,
        List<String> notes,
        @Nullable SearchFindings search) {

    /** Copies the lists; there is no telling anything without the two models. */
    public Findings {
        Objects.requireNonNull(original, "original");
        Objects.requireNonNull(quantized, "quantized");
        weights = List.copyOf(weights);
        skipped = List.copyOf(skipped);
        warnings = List.copyOf(warnings);
        notes = List.copyOf(notes);
    }

    /** Nothing is known of how the plan was found, and widths were not searched for. */
    public Findings(
            String toolVersion,
            @Nullable String recipe,
            @Nullable String planHash,
            long seed,
            ModelFacts original,
            ModelFacts quantized,
            List<WeightFinding> weights,
            List<SkippedWeight> skipped,
            @Nullable Comparison comparison,
            @Nullable Verdict verdict) {
        this(
                toolVersion,
                recipe,
                planHash,
                seed,
                original,
                quantized,
                weights,
                skipped,
                comparison,
                verdict,
                List.of(),
                List.of(),
                null);
    }

    /** How many times smaller the quantized file is. */
    public double compressionRatio() {
        return (double) original.fileBytes() / quantized.fileBytes();
    }
}
