package dev.fewbit.core.kernel;

import dev.fewbit.core.format.Affine;

/**
 * The sums of the scalar kernels. Each is over every {@code stride}-th element, with floats for
 * {@link AffineKernels#CHUNK_ROWS} additions at a time and doubles above.
 */
final class ScalarSums {

    /** 1.5 * 2^23. */
    private static final float ROUNDING = 0x1.8p23f;

    private ScalarSums() {}

    /** Squared error of one partial sum. */
    static double error(
            float[] values,
            int from,
            int rows,
            int stride,
            float scale,
            int zeroPoint,
            Affine format) {
        float lowest = format.qmin() - zeroPoint;
        float highest = format.qmax() - zeroPoint;
        double total = 0;
        for (int start = 0; start < rows; start += AffineKernels.CHUNK_ROWS) {
            int end = Math.min(rows, start + AffineKernels.CHUNK_ROWS);
            float partial = 0;
            for (int r = start; r < end; r++) {
                float value = values[from + r * stride];
                float error = value - predicted(value / scale, lowest, highest) * scale;
                partial += error * error;
            }
            total += partial;
        }
        return total;
    }

    /** Adds e^2, x^2, x e and the maximum of |e| to one lane of {@link ErrorSums#pending}. */
    static void measure(
            float[] values,
            int from,
            int rows,
            int stride,
            float scale,
            int zeroPoint,
            Affine format,
            float[] pending,
            int lane) {
        float lowest = format.qmin() - zeroPoint;
        float highest = format.qmax() - zeroPoint;
        float errorSquares = pending[ErrorSums.ERROR_SQUARES + lane];
        float originalSquares = pending[ErrorSums.ORIGINAL_SQUARES + lane];
        float errorProducts = pending[ErrorSums.ERROR_PRODUCTS + lane];
        float maximum = pending[ErrorSums.MAXIMA + lane];
        for (int r = 0; r < rows; r++) {
            float value = values[from + r * stride];
            float error = value - predicted(value / scale, lowest, highest) * scale;
            errorSquares += error * error;
            originalSquares += value * value;
            errorProducts += value * error;
            maximum = Math.max(maximum, Math.abs(error));
        }
        pending[ErrorSums.ERROR_SQUARES + lane] = errorSquares;
        pending[ErrorSums.ORIGINAL_SQUARES + lane] = originalSquares;
        pending[ErrorSums.ERROR_PRODUCTS + lane] = errorProducts;
        pending[ErrorSums.MAXIMA + lane] = maximum;
    }

    /**
     * Saturated and rounded steps from the zero point. For |t| up to 2^22 the float sum {@code t +
     * 1.5 * 2^23} has a last place of 1, so that its own rounding is the rounding half to even of
     * t; at most 2^16 steps are left after saturation. This form suits loops that the compiler
     * makes vector code of.
     */
    static float rounded(float steps, float lowest, float highest) {
        return Math.max(lowest, Math.min(highest, steps)) + ROUNDING - ROUNDING;
    }

    /** The same for loops that stay scalar: few values are clipped, so the branches are cheap. */
    private static float predicted(float steps, float lowest, float highest) {
        float saturated = steps;
        if (steps > highest) {
            saturated = highest;
        } else if (steps < lowest) {
            saturated = lowest;
        }
        return saturated + ROUNDING - ROUNDING;
    }

    /**
     * Squared errors of four columns of a tile, with reciprocals. Four, because the additions of
     * one wait for each other and those of another do not.
     */
    static void searchErrors(
            float[] tile,
            int from,
            int rows,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            double[] errors,
            int at) {
        Column a = new Column(scales, zeroPoints, parametersAt, format);
        Column b = new Column(scales, zeroPoints, parametersAt + 1, format);
        Column c = new Column(scales, zeroPoints, parametersAt + 2, format);
        Column d = new Column(scales, zeroPoints, parametersAt + 3, format);
        for (int start = 0; start < rows; start += AffineKernels.CHUNK_ROWS) {
            int end = Math.min(rows, start + AffineKernels.CHUNK_ROWS);
            float partialA = 0;
            float partialB = 0;
            float partialC = 0;
            float partialD = 0;
            for (int r = start; r < end; r++) {
                int i = from + r * AffineKernels.LANES;
                partialA += a.errorSquare(tile[i]);
                partialB += b.errorSquare(tile[i + 1]);
                partialC += c.errorSquare(tile[i + 2]);
                partialD += d.errorSquare(tile[i + 3]);
            }
            errors[at] += partialA;
            errors[at + 1] += partialB;
            errors[at + 2] += partialC;
            errors[at + 3] += partialD;
        }
    }

    /** Parameters of a column; lives in registers. */
    private record Column(float scale, float reciprocal, float lowest, float highest) {

        Column(float[] scales, int[] zeroPoints, int at, Affine format) {
            this(
                    scales[at],
                    1 / scales[at],
                    format.qmin() - zeroPoints[at],
                    format.qmax() - zeroPoints[at]);
        }

        float errorSquare(float value) {
            float error = value - predicted(value * reciprocal, lowest, highest) * scale;
            return error * error;
        }
    }

    /** Sums of c, c^2, x, x c and x^2 of one column of a tile. */
    static void searchMoments(
            float[] tile,
            int from,
            int rows,
            float scale,
            int zeroPoint,
            Affine format,
            double[] moments,
            int lane) {
        float lowest = format.qmin() - zeroPoint;
        float highest = format.qmax() - zeroPoint;
        float reciprocal = 1 / scale;
        for (int start = 0; start < rows; start += AffineKernels.CHUNK_ROWS) {
            int end = Math.min(rows, start + AffineKernels.CHUNK_ROWS);
            float steps = 0;
            float stepSquares = 0;
            float values = 0;
            float products = 0;
            float valueSquares = 0;
            for (int r = start; r < end; r++) {
                float value = tile[from + r * AffineKernels.LANES];
                float step = predicted(value * reciprocal, lowest, highest);
                steps += step;
                stepSquares += step * step;
                values += value;
                products += value * step;
                valueSquares += value * value;
            }
            moments[lane] += steps;
            moments[lane + AffineKernels.LANES] += stepSquares;
            moments[lane + 2 * AffineKernels.LANES] += values;
            moments[lane + 3 * AffineKernels.LANES] += products;
            moments[lane + 4 * AffineKernels.LANES] += valueSquares;
        }
    }
}
