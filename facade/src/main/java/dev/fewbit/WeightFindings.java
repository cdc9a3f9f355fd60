package dev.fewbit;

import dev.fewbit.core.findings.WeightFinding;
import dev.fewbit.core.findings.WeightHistogram;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.statistics.ErrorStatistics;
import dev.fewbit.core.statistics.Histogram;
import dev.fewbit.onnx.encode.EncodedWeight;
import dev.fewbit.onnx.encode.WeightMeasurement;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What is known of a weight once it has been written. */
final class WeightFindings {
    /**
     * Most bins of a histogram in a report: more than a screen can show side by side are of no use.
     */
    private static final int MOST_BINS = 128;

    private WeightFindings() {}

    static WeightFinding of(EncodedWeight weight) {
        WeightPlan plan = weight.plan();
        WeightMeasurement measured = weight.filler().measurement();
        ErrorStatistics error = measured.error();
        return new WeightFinding(
                plan.tensor(),
                plan.uses().stream().map(UsePlan::node).toList(),
                plan.uses().stream()
                        .map(UsePlan::operator)
                        .distinct()
                        .collect(Collectors.joining(", ")),
                plan.shape(),
                plan.format().label(),
                plan.grouping().toString(),
                plan.uses().stream()
                        .map(use -> use.encoding().label())
                        .distinct()
                        .collect(Collectors.joining(", ")),
                plan.reason(),
                weight.bitsPerWeight(),
                weight.floatBytes(),
                weight.quantizedBytes(),
                measured.minimum(),
                measured.maximum(),
                error == null ? Double.NaN : error.sqnrDecibels(),
                error == null ? Double.NaN : error.maximumError(),
                histogram(measured, plan.affine()));
    }

    private static @Nullable WeightHistogram histogram(WeightMeasurement measured, Affine format) {
        Histogram histogram = measured.histogram();
        if (histogram == null) {
            return null;
        }
        Histogram.Bins bins = histogram.occupied(MOST_BINS);
        List<Float> levels = new ArrayList<>();
        for (int code = format.qmin(); code <= format.qmax(); code++) {
            levels.add((code - measured.medianZeroPoint()) * measured.medianScale());
        }
        return new WeightHistogram(bins.lowerEdge(), bins.width(), bins.counts(), levels);
    }
}
