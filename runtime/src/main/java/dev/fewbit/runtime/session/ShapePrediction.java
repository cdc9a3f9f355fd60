package dev.fewbit.runtime.session;

import dev.fewbit.runtime.data.Sample;

import java.util.Map;

/** Tells the shapes of a model's outputs before it runs. May be wrong, which costs time. */
@FunctionalInterface
public interface ShapePrediction {
    /** Tells nothing. */
    ShapePrediction NONE = sample -> Map.of();

    /**
     * Shapes for a sample.
     *
     * @return by the name of the output, as far as they follow from the shapes of the inputs
     */
    Map<String, long[]> shapes(Sample sample);
}
