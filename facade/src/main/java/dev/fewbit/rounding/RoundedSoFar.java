package dev.fewbit.rounding;

import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.core.quantize.RoundedWeights;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The weights of a network that is rounded stage by stage: those that are rounded by data already,
 * and the nearest levels of those that never will be, found once and kept for the next stages.
 */
final class RoundedSoFar implements RoundedWeights {
    private final RoundedWeights before;
    private final Set<String> expected = ConcurrentHashMap.newKeySet();
    private final Map<String, RoundedWeight> byData = new ConcurrentHashMap<>();
    private final Map<String, RoundedWeight> nearest = new ConcurrentHashMap<>();

    /**
     * Nothing is rounded yet.
     *
     * @param before but these
     */
    RoundedSoFar(RoundedWeights before) {
        this.before = before;
    }

    /** Says that a tensor will be rounded in some stage, and has nearest levels until then. */
    void expect(String tensor) {
        expected.add(tensor);
    }

    /** Takes what a stage made of a tensor. */
    void put(String tensor, RoundedWeight weight) {
        byData.put(tensor, weight);
    }

    @Override
    public Optional<RoundedWeight> of(String tensor) {
        return given(tensor).or(() -> Optional.ofNullable(nearest.get(tensor)));
    }

    private Optional<RoundedWeight> given(String tensor) {
        return Optional.ofNullable(byData.get(tensor)).or(() -> before.of(tensor));
    }

    @Override
    public boolean wants(String tensor) {
        return !expected.contains(tensor);
    }

    @Override
    public void take(String tensor, RoundedWeight found) {
        nearest.put(tensor, found);
    }

    /** Those whose codes are not simply the nearest. */
    RoundedWeights withoutNearest() {
        return this::given;
    }
}
