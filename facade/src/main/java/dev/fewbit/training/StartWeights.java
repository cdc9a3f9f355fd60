package dev.fewbit.training;

import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.core.quantize.RoundedWeights;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** All weights as a plan rounds them: those that were rounded by data, and the nearest others. */
final class StartWeights implements RoundedWeights {
    private final RoundedWeights byData;
    private final Map<String, RoundedWeight> nearest = new ConcurrentHashMap<>();

    StartWeights(RoundedWeights byData) {
        this.byData = byData;
    }

    @Override
    public Optional<RoundedWeight> of(String tensor) {
        Optional<RoundedWeight> rounded = byData.of(tensor);
        return rounded.isPresent() ? rounded : Optional.ofNullable(nearest.get(tensor));
    }

    @Override
    public boolean wants(String tensor) {
        return true;
    }

    @Override
    public void take(String tensor, RoundedWeight weight) {
        nearest.put(tensor, weight);
    }
}
