package dev.fewbit.core.quantize;

import java.util.Optional;

/** The weights of a model that something else has rounded already. */
@FunctionalInterface
public interface RoundedWeights {
    /** None: all weights are rounded to the nearest level. */
    RoundedWeights NONE = _ -> Optional.empty();

    /**
     * The codes and parameters of a weight. May be asked more than once, from any thread.
     *
     * @param tensor name of the float tensor
     * @return empty if it is to be rounded to the nearest level
     */
    Optional<RoundedWeight> of(String tensor);
}
