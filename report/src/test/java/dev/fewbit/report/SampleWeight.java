package dev.fewbit.report;

import dev.fewbit.core.findings.WeightFinding;
import dev.fewbit.core.findings.WeightHistogram;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** One weight tensor: values are drawn, rounded to an even grid, and what that did is measured. */
final class SampleWeight {

    private static final int DRAWN = 4096;
    private static final int BINS = 128;

    private SampleWeight() {}

    static WeightFinding of(
            String tensor, String operator, List<Long> shape, int bits, RandomGenerator random) {
        double[] values = new double[DRAWN];
        double spread = 0.02 + 0.03 * random.nextDouble();
        double tail = random.nextDouble();
        double low = 0;
        double high = 0;
        for (int i = 0; i < DRAWN; i++) {
            // A Gaussian core with a share of wide values, as trained weights have.
            values[i] =
                    spread * random.nextGaussian() * (random.nextDouble() < 0.05 * tail ? 3 : 1);
            low = Math.min(low, values[i]);
            high = Math.max(high, values[i]);
        }
        int most = (1 << bits) - 1;
        double step = (high - low) / most;
        long zero = Math.round(-low / step);
        double signal = 0;
        double error = 0;
        double largest = 0;
        for (double value : values) {
            double off =
                    value - (Math.clamp(Math.round(value / step) + zero, 0, most) - zero) * step;
            signal += value * value;
            error += off * off;
            largest = Math.max(largest, Math.abs(off));
        }
        long elements = shape.stream().reduce(1L, (a, b) -> a * b);
        double stored = bits + (bits == 8 ? 32.0 / shape.getLast() : 20.0 / 32);
        return new WeightFinding(
                tensor,
                List.of("/" + tensor.replace(".weight", "").replace('.', '/') + "/" + operator),
                operator,
                shape,
                (bits == 8 ? "int" : "uint") + bits,
                bits == 8 ? "channel 1" : "block 0 x 32",
                bits == 8 ? "nearest" : "descent",
                operator.equals("Gather") ? "gather rows" : bits == 8 ? "dynamic" : "block weights",
                operator.equals("Gather")
                        ? "the largest tensor; only looked-up rows are dequantized"
                        : "constant matrix of a product, fuses to an integer kernel",
                stored,
                elements * 4,
                Math.round(elements * stored / 8),
                low,
                high,
                10 * Math.log10(signal / error),
                10 * Math.log10(signal / error) + 1.5,
                largest,
                histogram(values, low, high, step, zero, most, elements));
    }

    private static WeightHistogram histogram(
            double[] values,
            double low,
            double high,
            double step,
            long zero,
            int most,
            long elements) {
        double width = Math.scalb(1.0, Math.getExponent((high - low) / (BINS / 2)));
        double lower = Math.floor(low / width) * width;
        long[] counts = new long[BINS + 1];
        for (double value : values) {
            counts[(int) ((value - lower) / width)] += elements / DRAWN;
        }
        List<Long> boxed = new ArrayList<>();
        for (long count : counts) {
            boxed.add(count);
        }
        List<Float> levels = new ArrayList<>();
        for (int code = 0; code <= most; code++) {
            levels.add((float) ((code - zero) * step));
        }
        return new WeightHistogram(lower, width, boxed, levels);
    }
}
