package dev.fewbit.planning.integer;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.calibrate.ActivationRanges;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.statistics.OctaveHistogram;
import dev.fewbit.core.statistics.TensorStatistics;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Remembers the levels that were found for statistics, so that making many plans of one model does
 * not search for the same levels again and again. Not thread-safe.
 */
public final class FoundLevels {
    private final IdentityHashMap<TensorStatistics, Map<Wanted, AffineParameters>> found =
            new IdentityHashMap<>();

    private record Wanted(ActivationRange range, Affine format) {}

    /** Begins with nothing. */
    public FoundLevels() {}

    /**
     * Levels of an activation.
     *
     * @param statistics statistics that are not added to any more
     * @param values what counts of them
     */
    AffineParameters find(
            TensorStatistics statistics,
            OctaveHistogram values,
            ActivationRange range,
            Affine format) {
        return found.computeIfAbsent(statistics, _ -> new HashMap<>())
                .computeIfAbsent(
                        new Wanted(range, format),
                        _ -> ActivationRanges.find(values, range, format));
    }
}
