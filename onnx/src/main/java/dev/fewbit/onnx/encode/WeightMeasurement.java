package dev.fewbit.onnx.encode;

import dev.fewbit.core.statistics.ErrorStatistics;
import dev.fewbit.core.statistics.Histogram;

import org.jspecify.annotations.Nullable;

/**
 * What quantizing one weight cost.
 *
 * @param error squared error, signal and largest error; null when it was not asked for
 * @param minimum smallest weight
 * @param maximum largest weight
 * @param histogram distribution of the weights; null when it was not asked for
 * @param medianScale scale of the group in the middle when groups are ordered by scale
 * @param medianZeroPoint zero point of that group
 */
public record WeightMeasurement(
        @Nullable ErrorStatistics error,
        float minimum,
        float maximum,
        @Nullable Histogram histogram,
        float medianScale,
        int medianZeroPoint) {}
