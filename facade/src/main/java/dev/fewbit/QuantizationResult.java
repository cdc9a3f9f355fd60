package dev.fewbit;

import dev.fewbit.core.findings.Findings;
import dev.fewbit.core.findings.ModelFacts;
import dev.fewbit.core.findings.SearchFindings;
import dev.fewbit.core.findings.SkippedWeight;
import dev.fewbit.core.findings.WeightFinding;
import dev.fewbit.core.plan.Plan;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * A model that has been quantized and written.
 *
 * @param plan the plan that was carried out
 * @param original the float model
 * @param quantized the quantized model
 * @param weights what happened to every quantized weight
 * @param skipped every weight that stayed float, and why
 * @param warnings what one must know of the way in which the plan was found, one sentence each
 * @param notes what was tried for the plan and what came of it, one sentence each, the sum of it
 *     first
 * @param elapsed time from opening the float model to the finished file
 * @param search what a search for the plan found; null if there was none
 */
public record QuantizationResult(
        Plan plan,
        ModelFacts original,
        ModelFacts quantized,
        List<WeightFinding> weights,
        List<SkippedWeight> skipped,
        List<String> warnings,
        List<String> notes,
        Duration elapsed,
        @Nullable SearchFindings search) {

    /** Copies the lists. */
    public QuantizationResult {
        weights = List.copyOf(weights);
        skipped = List.copyOf(skipped);
        warnings = List.copyOf(warnings);
        notes = List.copyOf(notes);
    }

    /** Hexadecimal hash of the plan's decisions, which also stands in the model's metadata. */
    public String planHash() {
        return plan.hash();
    }

    /** How many times smaller the file became. */
    public double compressionRatio() {
        return findings().compressionRatio();
    }

    /** The same as findings, without a comparison: the models have not been run. */
    public Findings findings() {
        return new Findings(
                Version.current(),
                plan.recipe(),
                planHash(),
                plan.seed(),
                original,
                quantized,
                weights,
                skipped,
                null,
                null,
                warnings,
                notes,
                search);
    }
}
