package dev.fewbit.cli.demo;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Findings;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/**
 * One model of the demo and how it did.
 *
 * @param name name of the recipe, or {@code float}
 * @param model its file
 * @param report the report about it, or {@code null} for the float model
 * @param fileBytes size of the file in bytes
 * @param ratio how many times smaller than the float model's file
 * @param loadMillis time to load
 * @param latencyMillis median time of one inference
 * @param speedUp how many times faster than the float model in the same run
 * @param retrieval how it searches
 */
record DemoRow(
        String name,
        Path model,
        @Nullable Path report,
        long fileBytes,
        double ratio,
        double loadMillis,
        double latencyMillis,
        double speedUp,
        Retrieval retrieval) {

    /** The float model, as it was measured beside one of the quantized ones. */
    static DemoRow original(Path model, Findings findings, Retrieval retrieval) {
        Comparison.Performance performance = comparison(findings).original();
        return new DemoRow(
                "float",
                model,
                null,
                findings.original().fileBytes(),
                1,
                performance.loadMillis(),
                performance.latencyMillis(),
                1,
                retrieval);
    }

    /** A quantized model. */
    static DemoRow quantized(
            String recipe, Path model, Path report, Findings findings, Retrieval retrieval) {
        Comparison comparison = comparison(findings);
        Comparison.Performance performance = comparison.quantized();
        return new DemoRow(
                recipe,
                model,
                report,
                findings.quantized().fileBytes(),
                findings.compressionRatio(),
                performance.loadMillis(),
                performance.latencyMillis(),
                comparison.original().latencyMillis() / performance.latencyMillis(),
                retrieval);
    }

    private static Comparison comparison(Findings findings) {
        Comparison comparison = findings.comparison();
        if (comparison == null) {
            throw new IllegalStateException("the models were not run");
        }
        return comparison;
    }
}
