package dev.fewbit.core.kernel;

import dev.fewbit.core.format.Affine;

/**
 * The kernels with the Vector API. What does not fill a vector is left to the scalar kernels where
 * elements are independent, and masked where they are summed.
 */
final class VectorKernels implements AffineKernels {

    private static final ScalarKernels SCALAR = ScalarKernels.INSTANCE;

    @Override
    public String name() {
        return "vector %d bits".formatted(VectorShapes.FLOATS.vectorBitSize());
    }

    @Override
    public void rangeRow(
            float[] values, int from, int count, float[] minima, float[] maxima, int at) {
        VectorRows.range(values, from, count, minima, maxima, at);
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
        int done = VectorColumns.range(values, from, depth, columns, stride, minima, maxima, at);
        SCALAR.rangeColumns(
                values, from + done, depth, columns - done, stride, minima, maxima, at + done);
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
        int done = VectorRows.quantize(values, from, count, scale, zeroPoint, format, codes, at);
        SCALAR.quantizeRow(
                values, from + done, count - done, scale, zeroPoint, format, codes, at + done);
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
        int done = VectorRows.quantize(values, from, count, scale, zeroPoint, format, codes, at);
        SCALAR.quantizeRow(
                values, from + done, count - done, scale, zeroPoint, format, codes, at + done);
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
        int done =
                VectorColumns.quantize(
                        values,
                        from,
                        depth,
                        columns,
                        stride,
                        scales,
                        zeroPoints,
                        parametersAt,
                        format,
                        codes,
                        at);
        if (done < columns) {
            // Row by row, because the codes of the columns that are left are not dense.
            for (int r = 0; r < depth; r++) {
                SCALAR.quantizeColumns(
                        values,
                        from + r * stride + done,
                        1,
                        columns - done,
                        stride,
                        scales,
                        zeroPoints,
                        parametersAt + done,
                        format,
                        codes,
                        at + r * columns + done);
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
        int done =
                VectorColumns.quantize(
                        values,
                        from,
                        depth,
                        columns,
                        stride,
                        scales,
                        zeroPoints,
                        parametersAt,
                        format,
                        codes,
                        at);
        if (done < columns) {
            // Row by row, because the codes of the columns that are left are not dense.
            for (int r = 0; r < depth; r++) {
                SCALAR.quantizeColumns(
                        values,
                        from + r * stride + done,
                        1,
                        columns - done,
                        stride,
                        scales,
                        zeroPoints,
                        parametersAt + done,
                        format,
                        codes,
                        at + r * columns + done);
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
        VectorRows.measure(values, from, count, scale, zeroPoint, format, sums);
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
        VectorColumns.measure(
                values,
                from,
                depth,
                columns,
                stride,
                scales,
                zeroPoints,
                parametersAt,
                format,
                sums);
    }

    @Override
    public double errorRow(
            float[] values, int from, int count, float scale, int zeroPoint, Affine format) {
        return VectorRows.error(values, from, count, scale, zeroPoint, format);
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
        int done =
                VectorColumns.error(
                        values,
                        from,
                        depth,
                        columns,
                        stride,
                        scales,
                        zeroPoints,
                        parametersAt,
                        format,
                        errors,
                        at);
        SCALAR.errorColumns(
                values,
                from + done,
                depth,
                columns - done,
                stride,
                scales,
                zeroPoints,
                parametersAt + done,
                format,
                errors,
                at + done);
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
        VectorTiles.errors(tile, from, rows, scales, zeroPoints, parametersAt, format, errors, at);
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
        VectorTiles.moments(tile, from, rows, scales, zeroPoints, parametersAt, format, moments);
    }
}
