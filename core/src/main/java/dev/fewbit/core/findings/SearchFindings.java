package dev.fewbit.core.findings;

import java.util.List;
import java.util.Objects;

/**
 * What a search for the best width of every layer found.
 *
 * @param loss what is called loss here, for people, for example {@code divergence of the outputs}
 * @param limits what was asked for
 * @param front the best model of each size as far as predicted, from the smallest to the largest
 * @param fixed models with one format for all layers, to compare with
 * @param chosen the model that was written
 * @param floatBytes size of the float model's file
 * @param layers what was chosen for each layer, in the order of the graph
 */
public record SearchFindings(
        String loss,
        SearchLimits limits,
        List<SearchPoint> front,
        List<SearchPoint> fixed,
        SearchPoint chosen,
        long floatBytes,
        List<LayerChoice> layers) {

    /** Copies the lists. */
    public SearchFindings {
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(chosen, "chosen");
        front = List.copyOf(front);
        fixed = List.copyOf(fixed);
        layers = List.copyOf(layers);
    }
}
