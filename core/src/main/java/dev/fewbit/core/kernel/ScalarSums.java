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
                float error = value - rounded(value / scale, lowest, highest) * scale;
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
            float error = value - rounded(value / scale, lowest, highest) * scale;
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
     * t; at most 2^16 steps are left after saturation.
     */
    static float rounded(float steps, float lowest, float highest) {
        return Math.max(lowest, Math.min(highest, steps)) + ROUNDING - ROUNDING;
    }

    /** Squared error of one column of a tile, with a reciprocal. */
    static void searchError(
            float[] tile,
            int from,
            int rows,
            float scale,
            int zeroPoint,
            Affine format,
            double[] errors,
            int at) {
        float lowest = format.qmin() - zeroPoint;
        float highest = format.qmax() - zeroPoint;
        float reciprocal = 1 / scale;
        double total = errors[at];
        for (int start = 0; start < rows; start += AffineKernels.CHUNK_ROWS) {
            int end = Math.min(rows, start + AffineKernels.CHUNK_ROWS);
            float partial = 0;
            for (int r = start; r < end; r++) {
                float value = tile[from + r * AffineKernels.LANES];
                float error = value - rounded(value * reciprocal, lowest, highest) * scale;
                partial += error * error;
            }
            total += partial;
        }
        errors[at] = total;
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
                float step = rounded(value * reciprocal, lowest, highest);
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
