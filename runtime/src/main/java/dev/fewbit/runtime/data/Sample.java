package dev.fewbit.runtime.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one inference is fed.
 *
 * <p>A question may take several inferences: the two sentences of a pair are two samples that
 * follow each other, see {@link Label.Half}. Who only wants inputs need not care.
 *
 * @param index number of the sample, from 0
 * @param inputs array of every model input by name, in the model's order, types and shapes fitted
 * @param label what the model should answer, when the data says so
 */
public record Sample(long index, Map<String, NumberArray> inputs, Optional<Label> label) {

    /** Copies the map, keeping its order. */
    public Sample {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    }

    /** Whether the question is complete with this sample, so that one may stop behind it. */
    public boolean completes() {
        return !(label.orElse(null) instanceof Label.Half half) || half.second();
    }
}
