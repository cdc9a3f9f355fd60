package dev.fewbit;

import dev.fewbit.core.findings.WeightFinding;
import dev.fewbit.core.findings.WeightHistogram;
import dev.fewbit.core.limit.CodebookLimit;
import dev.fewbit.core.plan.UsePlan;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.statistics.ErrorStatistics;
import dev.fewbit.core.statistics.Histogram;
import dev.fewbit.onnx.encode.EncodedWeight;
import dev.fewbit.onnx.encode.WeightMeasurement;

import org.jspecify.annotations.Nullable;

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
                plan.rounding().label(),
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
                limit(measured, weight.bitsPerWeight()),
                error == null ? Double.NaN : error.maximumError(),
                histogram(measured));
    }

    /** What one table of levels could reach at best with so many bits for each weight. */
    private static double limit(WeightMeasurement measured, double bits) {
        Histogram histogram = measured.histogram();
        return histogram == null ? Double.NaN : CodebookLimit.of(histogram).atBits(bits);
    }

    private static @Nullable WeightHistogram histogram(WeightMeasurement measured) {
        Histogram histogram = measured.histogram();
        if (histogram == null) {
            return null;
        }
        Histogram.Bins bins = histogram.occupied(MOST_BINS);
        return new WeightHistogram(
                bins.lowerEdge(), bins.width(), bins.counts(), measured.levels());
    }
}
