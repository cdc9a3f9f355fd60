package dev.fewbit.cli.demo;

import dev.fewbit.core.findings.Comparison;
import dev.fewbit.core.findings.Findings;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;

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

    /** The float model: the median of what was measured beside each of the quantized ones. */
    static DemoRow original(Path model, List<Findings> findings, Retrieval retrieval) {
        return new DemoRow(
                "float",
                model,
                null,
                findings.getFirst().original().fileBytes(),
                1,
                median(findings, Comparison.Performance::loadMillis),
                median(findings, Comparison.Performance::latencyMillis),
                1,
                retrieval);
    }

    private static double median(
            List<Findings> findings, ToDoubleFunction<Comparison.Performance> figure) {
        double[] values =
                findings.stream()
                        .mapToDouble(each -> figure.applyAsDouble(comparison(each).original()))
                        .sorted()
                        .toArray();
        return values[values.length / 2];
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
