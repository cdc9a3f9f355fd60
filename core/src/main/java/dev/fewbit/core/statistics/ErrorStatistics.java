package dev.fewbit.core.statistics;

import java.util.Objects;

/**
 * How far quantized values are from the originals: sums that merge, and the usual figures derived
 * from them.
 *
 * <p>With original x, quantized y and error e = x - y. Merging in another order changes the sums by
 * the rounding of double addition only, a relative 1e-16 for every merge; count and maximum are
 * exact.
 *
 * @param count number of elements
 * @param errorSquares sum of e^2
 * @param originalSquares sum of x^2
 * @param products sum of x y
 * @param quantizedSquares sum of y^2
 * @param maximumError largest |e|
 */
public record ErrorStatistics(
        long count,
        double errorSquares,
        double originalSquares,
        double products,
        double quantizedSquares,
        double maximumError) {

    /** Of no elements at all; the neutral element of {@link #merge}. */
    public static final ErrorStatistics NONE = new ErrorStatistics(0, 0, 0, 0, 0, 0);

    /** Checks that counts and sums of squares are not negative. */
    public ErrorStatistics {
        if (count < 0
                || errorSquares < 0
                || originalSquares < 0
                || quantizedSquares < 0
                || maximumError < 0) {
            throw new IllegalArgumentException(
                    "a count, a sum of squares and a maximum are not negative, got %d, %s, %s, %s, %s"
                            .formatted(
                                    count,
                                    errorSquares,
                                    originalSquares,
                                    quantizedSquares,
                                    maximumError));
        }
    }

    /**
     * Compares two arrays, in double precision.
     *
     * @param original the values before, finite
     * @param quantized the values after, as many
     */
    public static ErrorStatistics between(float[] original, float[] quantized) {
        if (original.length != quantized.length) {
            throw new IllegalArgumentException(
                    "as many quantized values as original ones are needed: %d and %d"
                            .formatted(original.length, quantized.length));
        }
        double errorSquares = 0;
        double originalSquares = 0;
        double products = 0;
        double quantizedSquares = 0;
        double maximum = 0;
        for (int i = 0; i < original.length; i++) {
            double x = original[i];
            double y = quantized[i];
            double error = x - y;
            errorSquares += error * error;
            originalSquares += x * x;
            products += x * y;
            quantizedSquares += y * y;
            maximum = Math.max(maximum, Math.abs(error));
        }
        return new ErrorStatistics(
                original.length,
                errorSquares,
                originalSquares,
                products,
                quantizedSquares,
                maximum);
    }

    /** Statistics of the elements of both. */
    public ErrorStatistics merge(ErrorStatistics other) {
        Objects.requireNonNull(other, "other");
        return new ErrorStatistics(
                Math.addExact(count, other.count),
                errorSquares + other.errorSquares,
                originalSquares + other.originalSquares,
                products + other.products,
                quantizedSquares + other.quantizedSquares,
                Math.max(maximumError, other.maximumError));
    }

    /** Signal-to-quantization-noise ratio in dB; infinite where nothing changed. */
    public double sqnrDecibels() {
        if (errorSquares == 0) {
            return Double.POSITIVE_INFINITY;
        }
        return 10 * Math.log10(originalSquares / errorSquares);
    }

    /** Cosine of the angle between original and quantized; 1 when both are zero. */
    public double cosine() {
        if (originalSquares == 0 && quantizedSquares == 0) {
            return 1;
        }
        if (originalSquares == 0 || quantizedSquares == 0) {
            return 0;
        }
        double cosine = products / Math.sqrt(originalSquares * quantizedSquares);
        return Math.clamp(cosine, -1.0, 1.0);
    }

    /** Root of the mean squared error; 0 for no elements. */
    public double rootMeanSquareError() {
        return count == 0 ? 0 : Math.sqrt(errorSquares / count);
    }
}
