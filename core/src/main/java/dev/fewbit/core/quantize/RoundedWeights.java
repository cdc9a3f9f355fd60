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

    /**
     * Whether to be told the nearest levels of a weight once they are found, so that they need not
     * be found again when the same weight is written another time.
     *
     * @param tensor name of the float tensor, one that {@link #of} does not know
     */
    default boolean wants(String tensor) {
        return false;
    }

    /** Takes the nearest levels of a weight that {@link #wants} asked for; from any thread. */
    default void take(String tensor, RoundedWeight nearest) {}
}
