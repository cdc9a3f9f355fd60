package dev.fewbit.onnx.encode;

import dev.fewbit.core.statistics.ErrorStatistics;
import dev.fewbit.core.statistics.Histogram;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What quantizing one weight cost.
 *
 * @param error squared error, signal and largest error; null when it was not asked for
 * @param minimum smallest weight
 * @param maximum largest weight
 * @param histogram distribution of the weights; null when it was not asked for
 * @param levels what a weight of a typical group can become, ascending: of the group in the middle
 *     when groups are ordered by the magnitudes of their scales; of the table in the middle where
 *     there are no scales
 */
public record WeightMeasurement(
        @Nullable ErrorStatistics error,
        float minimum,
        float maximum,
        @Nullable Histogram histogram,
        List<Float> levels) {

    /** Copies the list. */
    public WeightMeasurement {
        levels = List.copyOf(levels);
    }
}
