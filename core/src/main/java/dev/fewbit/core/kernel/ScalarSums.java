package dev.fewbit.core.kernel;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.format.Affine;

/**
 * The sums of the scalar kernels. Each is over every {@code stride}-th element, with floats for
 * {@link AffineKernels#CHUNK_ROWS} additions at a time and doubles above.
 */
final class ScalarSums {

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
        double total = 0;
        for (int start = 0; start < rows; start += AffineKernels.CHUNK_ROWS) {
            int end = Math.min(rows, start + AffineKernels.CHUNK_ROWS);
            float partial = 0;
            for (int r = start; r < end; r++) {
                float error = error(values[from + r * stride], scale, zeroPoint, format);
                partial += error * error;
            }
            total += partial;
        }
        return total;
    }

    /** Adds e^2, x^2, x e and the maximum of |e| to one lane of {@link ErrorSums}. */
    static void measure(
            float[] values,
            int from,
            int rows,
            int stride,
            float scale,
            int zeroPoint,
            Affine format,
            double[] sums,
            int lane) {
        for (int start = 0; start < rows; start += AffineKernels.CHUNK_ROWS) {
            int end = Math.min(rows, start + AffineKernels.CHUNK_ROWS);
            float errorSquares = 0;
            float originalSquares = 0;
            float errorProducts = 0;
            float maximum = 0;
            for (int r = start; r < end; r++) {
                float value = values[from + r * stride];
                float error = error(value, scale, zeroPoint, format);
                errorSquares += error * error;
                originalSquares += value * value;
                errorProducts += value * error;
                maximum = Math.max(maximum, Math.abs(error));
            }
            sums[lane] += errorSquares;
            sums[lane + AffineKernels.LANES] += originalSquares;
            sums[lane + 2 * AffineKernels.LANES] += errorProducts;
            int at = lane + 3 * AffineKernels.LANES;
            sums[at] = Math.max(sums[at], maximum);
        }
    }

    private static float error(float value, float scale, int zeroPoint, Affine format) {
        int code = AffineMapping.quantize(value, scale, zeroPoint, format);
        return value - AffineMapping.dequantize(code, scale, zeroPoint);
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
        float reciprocal = 1 / scale;
        double total = errors[at];
        for (int start = 0; start < rows; start += AffineKernels.CHUNK_ROWS) {
            int end = Math.min(rows, start + AffineKernels.CHUNK_ROWS);
            float partial = 0;
            for (int r = start; r < end; r++) {
                float value = tile[from + r * AffineKernels.LANES];
                float error = value - steps(value, reciprocal, zeroPoint, format) * scale;
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
                float step = steps(value, reciprocal, zeroPoint, format);
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

    private static int steps(float value, float reciprocal, int zeroPoint, Affine format) {
        double steps = Math.rint(value * reciprocal);
        return (int)
                Math.max(format.qmin() - zeroPoint, Math.min(format.qmax() - zeroPoint, steps));
    }
}
