package dev.fewbit.core.kernel;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.format.Affine;

/** The kernels as plain loops; the sums are in {@link ScalarSums}. */
final class ScalarKernels implements AffineKernels {

    static final ScalarKernels INSTANCE = new ScalarKernels();

    private ScalarKernels() {}

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void rangeRow(
            float[] values, int from, int count, float[] minima, float[] maxima, int at) {
        rangeColumn(values, from, count, 1, minima, maxima, at);
    }

    @Override
    public void rangeColumns(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            float[] minima,
            float[] maxima,
            int at) {
        for (int c = 0; c < columns; c++) {
            rangeColumn(values, from + c, depth, stride, minima, maxima, at + c);
        }
    }

    static void rangeColumn(
            float[] values,
            int from,
            int depth,
            int stride,
            float[] minima,
            float[] maxima,
            int at) {
        float minimum = Float.POSITIVE_INFINITY;
        float maximum = Float.NEGATIVE_INFINITY;
        boolean finite = true;
        for (int i = 0; i < depth; i++) {
            float value = values[from + i * stride];
            minimum = value < minimum ? value : minimum;
            maximum = value > maximum ? value : maximum;
            finite &= Float.isFinite(value);
        }
        // Adding +0 makes a negative zero positive.
        minima[at] = finite ? minimum + 0f : Float.NaN;
        maxima[at] = finite ? maximum + 0f : Float.NaN;
    }

    @Override
    public void quantizeRow(
            float[] values,
            int from,
            int count,
            float scale,
            int zeroPoint,
            Affine format,
            byte[] codes,
            int at) {
        for (int i = 0; i < count; i++) {
            codes[at + i] =
                    (byte) AffineMapping.quantize(values[from + i], scale, zeroPoint, format);
        }
    }

    @Override
    public void quantizeRow(
            float[] values,
            int from,
            int count,
            float scale,
            int zeroPoint,
            Affine format,
            short[] codes,
            int at) {
        for (int i = 0; i < count; i++) {
            codes[at + i] =
                    (short) AffineMapping.quantize(values[from + i], scale, zeroPoint, format);
        }
    }

    @Override
    public void quantizeColumns(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            byte[] codes,
            int at) {
        for (int r = 0; r < depth; r++) {
            for (int c = 0; c < columns; c++) {
                int p = parametersAt + c;
                float value = values[from + r * stride + c];
                codes[at + r * columns + c] =
                        (byte) AffineMapping.quantize(value, scales[p], zeroPoints[p], format);
            }
        }
    }

    @Override
    public void quantizeColumns(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            short[] codes,
            int at) {
        for (int r = 0; r < depth; r++) {
            for (int c = 0; c < columns; c++) {
                int p = parametersAt + c;
                float value = values[from + r * stride + c];
                codes[at + r * columns + c] =
                        (short) AffineMapping.quantize(value, scales[p], zeroPoints[p], format);
            }
        }
    }

    @Override
    public void dequantizeRow(
            byte[] codes,
            int from,
            int count,
            float scale,
            int zeroPoint,
            Affine format,
            float[] values,
            int at) {
        int mask = format.signed() ? -1 : 0xFF;
        for (int i = 0; i < count; i++) {
            values[at + i] = AffineMapping.dequantize(codes[from + i] & mask, scale, zeroPoint);
        }
    }

    @Override
    public void dequantizeRow(
            short[] codes,
            int from,
            int count,
            float scale,
            int zeroPoint,
            Affine format,
            float[] values,
            int at) {
        int mask = format.signed() ? -1 : 0xFFFF;
        for (int i = 0; i < count; i++) {
            values[at + i] = AffineMapping.dequantize(codes[from + i] & mask, scale, zeroPoint);
        }
    }

    @Override
    public void dequantizeColumns(
            byte[] codes,
            int from,
            int depth,
            int columns,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            float[] values,
            int at,
            int stride) {
        int mask = format.signed() ? -1 : 0xFF;
        for (int r = 0; r < depth; r++) {
            for (int c = 0; c < columns; c++) {
                int p = parametersAt + c;
                int code = codes[from + r * columns + c] & mask;
                values[at + r * stride + c] =
                        AffineMapping.dequantize(code, scales[p], zeroPoints[p]);
            }
        }
    }

    @Override
    public void dequantizeColumns(
            short[] codes,
            int from,
            int depth,
            int columns,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            float[] values,
            int at,
            int stride) {
        int mask = format.signed() ? -1 : 0xFFFF;
        for (int r = 0; r < depth; r++) {
            for (int c = 0; c < columns; c++) {
                int p = parametersAt + c;
                int code = codes[from + r * columns + c] & mask;
                values[at + r * stride + c] =
                        AffineMapping.dequantize(code, scales[p], zeroPoints[p]);
            }
        }
    }

    @Override
    public void measureRow(
            float[] values,
            int from,
            int count,
            float scale,
            int zeroPoint,
            Affine format,
            ErrorSums sums) {
        for (int lane = 0; lane < Math.min(LANES, count); lane++) {
            int rows = (count - lane + LANES - 1) / LANES;
            ScalarSums.measure(
                    values, from + lane, rows, LANES, scale, zeroPoint, format, sums.lanes, lane);
        }
        sums.count(count);
    }

    @Override
    public void measureColumns(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            ErrorSums sums) {
        for (int c = 0; c < columns; c++) {
            int p = parametersAt + c;
            ScalarSums.measure(
                    values,
                    from + c,
                    depth,
                    stride,
                    scales[p],
                    zeroPoints[p],
                    format,
                    sums.lanes,
                    c % LANES);
        }
        sums.count((long) depth * columns);
    }

    @Override
    public double errorRow(
            float[] values, int from, int count, float scale, int zeroPoint, Affine format) {
        double[] lanes = new double[LANES];
        for (int lane = 0; lane < Math.min(LANES, count); lane++) {
            int rows = (count - lane + LANES - 1) / LANES;
            lanes[lane] =
                    ScalarSums.error(values, from + lane, rows, LANES, scale, zeroPoint, format);
        }
        return ErrorSums.reduce(lanes, 0);
    }

    @Override
    public void errorColumns(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            double[] errors,
            int at) {
        for (int c = 0; c < columns; c++) {
            int p = parametersAt + c;
            errors[at + c] =
                    ScalarSums.error(
                            values, from + c, depth, stride, scales[p], zeroPoints[p], format);
        }
    }

    @Override
    public void searchErrors(
            float[] tile,
            int from,
            int rows,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            double[] errors,
            int at) {
        for (int lane = 0; lane < LANES; lane++) {
            int p = parametersAt + lane;
            ScalarSums.searchError(
                    tile, from + lane, rows, scales[p], zeroPoints[p], format, errors, at + lane);
        }
    }

    @Override
    public void searchMoments(
            float[] tile,
            int from,
            int rows,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            double[] moments) {
        for (int lane = 0; lane < LANES; lane++) {
            int p = parametersAt + lane;
            ScalarSums.searchMoments(
                    tile, from + lane, rows, scales[p], zeroPoints[p], format, moments, lane);
        }
    }
}
