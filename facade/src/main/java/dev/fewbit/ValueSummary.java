package dev.fewbit;

import dev.fewbit.onnx.graph.Tensor;
import dev.fewbit.onnx.graph.TensorReader;

import java.io.IOException;

/**
 * Range and spread of a tensor's values, in one pass.
 *
 * @param minimum smallest value; NaN if one is not finite
 * @param maximum largest value; NaN if one is not finite
 * @param standardDeviation spread around the mean; NaN if a value is not finite
 */
record ValueSummary(double minimum, double maximum, double standardDeviation) {
    private static final int VALUES_AT_A_TIME = 1 << 18;

    static ValueSummary of(Tensor tensor) throws IOException {
        float[] values = new float[(int) Math.min(VALUES_AT_A_TIME, tensor.elementCount())];
        double minimum = Double.POSITIVE_INFINITY;
        double maximum = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double squares = 0;
        long elements = tensor.elementCount();
        try (TensorReader reader = tensor.reader()) {
            for (long first = 0; first < elements; first += values.length) {
                int count = (int) Math.min(values.length, elements - first);
                reader.readFloats(first, values, 0, count);
                for (int i = 0; i < count; i++) {
                    double value = values[i];
                    minimum = Math.min(minimum, value);
                    maximum = Math.max(maximum, value);
                    sum += value;
                    squares += value * value;
                }
            }
        }
        if (!Double.isFinite(sum)) {
            return new ValueSummary(Double.NaN, Double.NaN, Double.NaN);
        }
        double mean = sum / elements;
        return new ValueSummary(
                minimum, maximum, Math.sqrt(Math.max(0, squares / elements - mean * mean)));
    }
}
