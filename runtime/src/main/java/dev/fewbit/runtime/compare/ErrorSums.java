package dev.fewbit.runtime.compare;

import dev.fewbit.runtime.data.NumberArray;

/**
 * Sums over pairs of values (x of the float model, y of the quantized one), from which the error
 * figures follow:
 *
 * <pre>
 * SQNR   = 10 log10( sum x^2 / sum (x - y)^2 )
 * cosine = sum x y / sqrt( sum x^2 * sum y^2 )
 * </pre>
 *
 * <p>Where x is not finite nothing can be said, and the pair is left out and counted. Where only y
 * is not finite the error is infinite: SQNR is minus infinity and the cosine 0. Two silent signals
 * are alike (cosine 1). All sums are doubles.
 */
final class ErrorSums {

    private double signal;
    private double noise;
    private double product;
    private double other;
    private double maximum;
    private long count;
    private long lost;
    private long broken;

    /**
     * Adds all elements of two arrays of the same size.
     *
     * @param original values of the float model
     * @param quantized values of the quantized model
     */
    void add(NumberArray original, NumberArray quantized) {
        for (int i = 0; i < original.size(); i++) {
            add(original.doubleAt(i), quantized.doubleAt(i));
        }
    }

    /** Adds one pair. */
    void add(double x, double y) {
        if (!Double.isFinite(x)) {
            lost++;
            return;
        }
        count++;
        signal += x * x;
        if (!Double.isFinite(y)) {
            broken++;
            maximum = Double.POSITIVE_INFINITY;
            return;
        }
        double error = x - y;
        noise += error * error;
        product += x * y;
        other += y * y;
        maximum = Math.max(maximum, Math.abs(error));
    }

    /** Adds what another has summed. */
    void add(ErrorSums sums) {
        signal += sums.signal;
        noise += sums.noise;
        product += sums.product;
        other += sums.other;
        maximum = Math.max(maximum, sums.maximum);
        count += sums.count;
        lost += sums.lost;
        broken += sums.broken;
    }

    /** Signal-to-quantization-noise ratio in dB; infinite when nothing changed. */
    double sqnrDecibels() {
        if (broken > 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (noise == 0) {
            return Double.POSITIVE_INFINITY;
        }
        return 10 * Math.log10(signal / noise);
    }

    /** Cosine between the two signals, -1 to 1. */
    double cosine() {
        if (broken > 0) {
            return 0;
        }
        if (noise == 0) {
            return 1;
        }
        if (signal == 0 || other == 0) {
            return 0;
        }
        double cosine = product / (Math.sqrt(signal) * Math.sqrt(other));
        return Math.clamp(cosine, -1.0, 1.0);
    }

    /** Largest absolute difference. */
    double maximumError() {
        return maximum;
    }

    /** Pairs that count. */
    long count() {
        return count;
    }

    /** Pairs left out because the float model's value is NaN or infinite. */
    long notFiniteInOriginal() {
        return lost;
    }

    /** Pairs where only the quantized model's value is NaN or infinite. */
    long notFiniteInQuantized() {
        return broken;
    }
}
