package dev.fewbit.onnx.encode;

import dev.fewbit.core.findings.Measuring;
import dev.fewbit.core.quantize.QuantizedBand;
import dev.fewbit.core.statistics.ErrorStatistics;
import dev.fewbit.core.statistics.Histogram;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/**
 * Gathers what the bands of a weight cost; the result does not depend on the order in which they
 * are done.
 */
final class MeasurementCollector {
    private final Measuring measuring;
    private final ErrorStatistics[] errors;
    private final float[] minima;
    private final float[] maxima;
    private final @Nullable Histogram histogram;

    MeasurementCollector(int bands, Measuring measuring) {
        this.measuring = measuring;
        this.errors = new ErrorStatistics[bands];
        this.minima = new float[bands];
        this.maxima = new float[bands];
        this.histogram = measuring == Measuring.DISTRIBUTIONS ? new Histogram() : null;
    }

    /** Adds one band; each index once, from any thread. */
    void add(int band, QuantizedBand result, float[] values) {
        add(band, result.error(), result.minimum(), result.maximum(), values, result.values());
    }

    /** The same for a band that something else has quantized. */
    void add(
            int band,
            ErrorStatistics error,
            float minimum,
            float maximum,
            float[] values,
            int count) {
        errors[band] = error;
        minima[band] = minimum;
        maxima[band] = maximum;
        Histogram all = histogram;
        if (all != null) {
            Histogram own = new Histogram();
            own.add(values, 0, count);
            synchronized (all) {
                all.merge(own);
            }
        }
    }

    /**
     * All together.
     *
     * @param levels levels of a typical group
     */
    WeightMeasurement result(List<Float> levels) {
        ErrorStatistics error = null;
        if (measuring != Measuring.NOTHING) {
            error = Arrays.stream(errors).reduce(ErrorStatistics.NONE, ErrorStatistics::merge);
        }
        float minimum = Float.POSITIVE_INFINITY;
        float maximum = Float.NEGATIVE_INFINITY;
        for (int band = 0; band < minima.length; band++) {
            minimum = Math.min(minimum, minima[band]);
            maximum = Math.max(maximum, maxima[band]);
        }
        return new WeightMeasurement(error, minimum, maximum, histogram, levels);
    }
}
