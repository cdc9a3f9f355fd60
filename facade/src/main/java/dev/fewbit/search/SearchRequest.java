package dev.fewbit.search;

import dev.fewbit.Activations;
import dev.fewbit.Progress;
import dev.fewbit.WeightFamily;
import dev.fewbit.core.findings.TaskChoice;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What is searched for.
 *
 * @param data samples, of which no labels are needed
 * @param tokenizer the tokenizer for samples that are text; empty to look for one beside the data
 * @param task what the outputs mean, which says how their divergence is measured
 * @param samples samples to go by at most
 * @param maximumBytes the largest file; empty if there is no limit
 * @param maximumLoss the most that may be lost; empty if there is no limit
 * @param maximumLatency the longest time of a run; empty if there is no limit
 * @param families formats that weights may take
 * @param floats whether weights may stay float
 * @param fewestBits bits of a code at least
 * @param mostBits bits of a code at most
 * @param activations how activations are computed with; empty for what suits the network best
 * @param activationBits bits of static activations
 * @param refines whether the chosen layers are rounded once more, one after the other
 * @param compact whether what no runtime needs is left out of the file
 * @param seed seed of everything random
 * @param threads threads that work
 * @param progress is told how far the work has come
 */
public record SearchRequest(
        Path data,
        Optional<Path> tokenizer,
        TaskChoice task,
        int samples,
        OptionalLong maximumBytes,
        OptionalDouble maximumLoss,
        Optional<LatencyLimit> maximumLatency,
        Set<WeightFamily> families,
        boolean floats,
        int fewestBits,
        int mostBits,
        Optional<Activations> activations,
        int activationBits,
        boolean refines,
        boolean compact,
        long seed,
        int threads,
        Progress progress) {

    /** Copies the set. */
    public SearchRequest {
        families = Set.copyOf(families);
    }
}
