package dev.fewbit.runtime.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one inference is fed.
 *
 * @param index number of the sample, from 0
 * @param inputs array of every model input by name, in the model's order, types and shapes fitted
 * @param label what the model should answer, when the data says so
 */
public record Sample(long index, Map<String, NumberArray> inputs, Optional<NumberArray> label) {

    /** Copies the map, keeping its order. */
    public Sample {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    }
}
