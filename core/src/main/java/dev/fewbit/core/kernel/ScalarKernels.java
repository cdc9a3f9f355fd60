package dev.fewbit.core.kernel;

import dev.fewbit.core.format.Affine;

import java.util.Arrays;

/**
 * The kernels as plain loops, which the compiler turns into vector code where it can; the sums are
 * in {@link ScalarSums}.
 */
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
        float minimum = Float.POSITIVE_INFINITY;
        float maximum = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + count; i++) {
            // NaN is contagious here, and an infinity is an extreme.
            minimum = Math.min(minimum, values[i]);
            maximum = Math.max(maximum, values[i]);
        }
        minima[at] = minimum;
        maxima[at] = maximum;
        admitFinite(minima, maxima, at, 1);
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
        Arrays.fill(minima, at, at + columns, Float.POSITIVE_INFINITY);
        Arrays.fill(maxima, at, at + columns, Float.NEGATIVE_INFINITY);
        for (int r = 0; r < depth; r++) {
            int row = from + r * stride;
            for (int c = 0; c < columns; c++) {
                minima[at + c] = Math.min(minima[at + c], values[row + c]);
                maxima[at + c] = Math.max(maxima[at + c], values[row + c]);
            }
        }
        admitFinite(minima, maxima, at, columns);
    }

    private static void admitFinite(float[] minima, float[] maxima, int at, int count) {
        for (int i = at; i < at + count; i++) {
            boolean finite = Float.isFinite(minima[i]) && Float.isFinite(maxima[i]);
            // Adding +0 makes a negative zero positive.
            minima[i] = finite ? minima[i] + 0f : Float.NaN;
            maxima[i] = finite ? maxima[i] + 0f : Float.NaN;
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
            byte[] codes,
            int at) {
        float lowest = format.qmin() - zeroPoint;
        float highest = format.qmax() - zeroPoint;
        for (int i = 0; i < count; i++) {
            float steps = ScalarSums.rounded(values[from + i] / scale, lowest, highest);
            codes[at + i] = (byte) ((int) steps + zeroPoint);
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
        float lowest = format.qmin() - zeroPoint;
        float highest = format.qmax() - zeroPoint;
        for (int i = 0; i < count; i++) {
            float steps = ScalarSums.rounded(values[from + i] / scale, lowest, highest);
            codes[at + i] = (short) ((int) steps + zeroPoint);
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
        int qmin = format.qmin();
        int qmax = format.qmax();
        for (int r = 0; r < depth; r++) {
            int row = from + r * stride;
            int into = at + r * columns;
            for (int c = 0; c < columns; c++) {
                int zeroPoint = zeroPoints[parametersAt + c];
                float steps =
                        ScalarSums.rounded(
                                values[row + c] / scales[parametersAt + c],
                                qmin - zeroPoint,
                                qmax - zeroPoint);
                codes[into + c] = (byte) ((int) steps + zeroPoint);
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
        int qmin = format.qmin();
        int qmax = format.qmax();
        for (int r = 0; r < depth; r++) {
            int row = from + r * stride;
            int into = at + r * columns;
            for (int c = 0; c < columns; c++) {
                int zeroPoint = zeroPoints[parametersAt + c];
                float steps =
                        ScalarSums.rounded(
                                values[row + c] / scales[parametersAt + c],
                                qmin - zeroPoint,
                                qmax - zeroPoint);
                codes[into + c] = (short) ((int) steps + zeroPoint);
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
        for (int start = 0; start < count; start += CHUNK_ROWS * LANES) {
            int size = Math.min(CHUNK_ROWS * LANES, count - start);
            sums.expect(Math.ceilDiv(size, LANES), size);
            for (int lane = 0; lane < Math.min(LANES, size); lane++) {
                ScalarSums.measure(
                        values,
                        from + start + lane,
                        Math.ceilDiv(size - lane, LANES),
                        LANES,
                        scale,
                        zeroPoint,
                        format,
                        sums.pending,
                        lane);
            }
        }
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
        for (int first = 0; first < columns; first += LANES) {
            int used = Math.min(LANES, columns - first);
            for (int start = 0; start < depth; start += CHUNK_ROWS) {
                int rows = Math.min(CHUNK_ROWS, depth - start);
                sums.expect(rows, (long) rows * used);
                for (int lane = 0; lane < used; lane++) {
                    int p = parametersAt + first + lane;
                    ScalarSums.measure(
                            values,
                            from + start * stride + first + lane,
                            rows,
                            stride,
                            scales[p],
                            zeroPoints[p],
                            format,
                            sums.pending,
                            lane);
                }
            }
        }
    }

    @Override
    public double errorRow(
            float[] values, int from, int count, float scale, int zeroPoint, Affine format) {
        double[] lanes = new double[LANES];
        for (int lane = 0; lane < Math.min(LANES, count); lane++) {
            int rows = Math.ceilDiv(count - lane, LANES);
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
        for (int lane = 0; lane < LANES; lane += 4) {
            ScalarSums.searchErrors(
                    tile,
                    from + lane,
                    rows,
                    scales,
                    zeroPoints,
                    parametersAt + lane,
                    format,
                    errors,
                    at + lane);
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
