package dev.fewbit.core.kernel;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.format.Affine;

import java.util.Arrays;
import java.util.Random;

/**
 * Holds the vector kernels to the scalar ones, bit for bit, on random sizes, offsets and values.
 * Has a main method so that it can run in JVMs with other vector widths; it prints the kernels'
 * name.
 */
final class KernelAgreement {

    private final AffineKernels expected = AffineKernels.scalar();
    private final AffineKernels actual;
    private final Random random;

    KernelAgreement(AffineKernels actual, long seed) {
        this.actual = actual;
        this.random = new Random(seed);
    }

    public static void main(String[] arguments) {
        AffineKernels best = AffineKernels.best();
        // The best kernels begin as scalar ones; the check is for what they become.
        AffineKernels checked = best.equals(AffineKernels.scalar()) ? best : new VectorKernels();
        new KernelAgreement(checked, 7).check(Integer.parseInt(arguments[0]));
        System.out.println(best.name());
    }

    void check(int rounds) {
        for (int i = 0; i < rounds; i++) {
            int bits = 1 + random.nextInt(16);
            Affine format = new Affine(bits, random.nextBoolean(), random.nextBoolean());
            // Some rows longer than a chunk of 4096, most short.
            int count = 1 + random.nextInt(i % 16 == 0 ? 10_000 : 100);
            checkRow(format, count);
            int depth = 1 + random.nextInt(i % 16 == 0 ? 600 : 40);
            checkColumns(format, depth, 1 + random.nextInt(100));
            checkTile(format, depth);
        }
    }

    private void checkRow(Affine format, int count) {
        int from = random.nextInt(5);
        int at = random.nextInt(5);
        float[] values = values(from + count + 3);
        float[][] expectedRange = new float[2][at + 1];
        float[][] actualRange = new float[2][at + 1];
        expected.rangeRow(values, from, count, expectedRange[0], expectedRange[1], at);
        actual.rangeRow(values, from, count, actualRange[0], actualRange[1], at);
        same("rangeRow minimum", bits(expectedRange[0]), bits(actualRange[0]));
        same("rangeRow maximum", bits(expectedRange[1]), bits(actualRange[1]));

        float[] scales = new float[1];
        int[] zeroPoints = new int[1];
        parameters(format, scales, zeroPoints, values);
        float scale = scales[0];
        int zeroPoint = zeroPoints[0];
        short[] expectedShorts = new short[at + count];
        short[] actualShorts = new short[at + count];
        expected.quantizeRow(values, from, count, scale, zeroPoint, format, expectedShorts, at);
        actual.quantizeRow(values, from, count, scale, zeroPoint, format, actualShorts, at);
        same("quantizeRow shorts", expectedShorts, actualShorts);
        float[] expectedValues = new float[from + count];
        float[] actualValues = new float[from + count];
        expected.dequantizeRow(
                expectedShorts, at, count, scale, zeroPoint, format, expectedValues, from);
        actual.dequantizeRow(
                expectedShorts, at, count, scale, zeroPoint, format, actualValues, from);
        same("dequantizeRow shorts", bits(expectedValues), bits(actualValues));
        if (format.bits() <= 8) {
            byte[] expectedBytes = new byte[at + count];
            byte[] actualBytes = new byte[at + count];
            expected.quantizeRow(values, from, count, scale, zeroPoint, format, expectedBytes, at);
            actual.quantizeRow(values, from, count, scale, zeroPoint, format, actualBytes, at);
            same("quantizeRow bytes", expectedBytes, actualBytes);
            Arrays.fill(actualValues, 0);
            actual.dequantizeRow(
                    expectedBytes, at, count, scale, zeroPoint, format, actualValues, from);
            same("dequantizeRow bytes", bits(expectedValues), bits(actualValues));
        }

        double expectedError = expected.errorRow(values, from, count, scale, zeroPoint, format);
        double actualError = actual.errorRow(values, from, count, scale, zeroPoint, format);
        same("errorRow", bits(expectedError), bits(actualError));
        ErrorSums expectedSums = new ErrorSums();
        ErrorSums actualSums = new ErrorSums();
        for (int repeat = 0; repeat < 2; repeat++) {
            expected.measureRow(values, from, count, scale, zeroPoint, format, expectedSums);
            actual.measureRow(values, from, count, scale, zeroPoint, format, actualSums);
        }
        same("measureRow", bits(expectedSums.pending), bits(actualSums.pending));
        same("measureRow", expectedSums.toStatistics(), actualSums.toStatistics());
    }

    private void checkColumns(Affine format, int depth, int columns) {
        int from = random.nextInt(5);
        int at = random.nextInt(5);
        int stride = columns + random.nextInt(4);
        float[] values = values(from + depth * stride);
        float[][] expectedRange = new float[2][at + columns];
        float[][] actualRange = new float[2][at + columns];
        expected.rangeColumns(
                values, from, depth, columns, stride, expectedRange[0], expectedRange[1], at);
        actual.rangeColumns(
                values, from, depth, columns, stride, actualRange[0], actualRange[1], at);
        same("rangeColumns minima", bits(expectedRange[0]), bits(actualRange[0]));
        same("rangeColumns maxima", bits(expectedRange[1]), bits(actualRange[1]));

        float[] scales = new float[at + columns];
        int[] zeroPoints = new int[at + columns];
        parameters(format, scales, zeroPoints, values);
        short[] expectedShorts = new short[at + depth * columns];
        short[] actualShorts = expectedShorts.clone();
        expected.quantizeColumns(
                values,
                from,
                depth,
                columns,
                stride,
                scales,
                zeroPoints,
                at,
                format,
                expectedShorts,
                at);
        actual.quantizeColumns(
                values,
                from,
                depth,
                columns,
                stride,
                scales,
                zeroPoints,
                at,
                format,
                actualShorts,
                at);
        same("quantizeColumns shorts", expectedShorts, actualShorts);
        float[] expectedValues = new float[values.length];
        float[] actualValues = new float[values.length];
        expected.dequantizeColumns(
                expectedShorts,
                at,
                depth,
                columns,
                scales,
                zeroPoints,
                at,
                format,
                expectedValues,
                from,
                stride);
        actual.dequantizeColumns(
                expectedShorts,
                at,
                depth,
                columns,
                scales,
                zeroPoints,
                at,
                format,
                actualValues,
                from,
                stride);
        same("dequantizeColumns shorts", bits(expectedValues), bits(actualValues));
        if (format.bits() <= 8) {
            byte[] expectedBytes = new byte[at + depth * columns];
            byte[] actualBytes = expectedBytes.clone();
            expected.quantizeColumns(
                    values,
                    from,
                    depth,
                    columns,
                    stride,
                    scales,
                    zeroPoints,
                    at,
                    format,
                    expectedBytes,
                    at);
            actual.quantizeColumns(
                    values,
                    from,
                    depth,
                    columns,
                    stride,
                    scales,
                    zeroPoints,
                    at,
                    format,
                    actualBytes,
                    at);
            same("quantizeColumns bytes", expectedBytes, actualBytes);
            Arrays.fill(actualValues, 0);
            actual.dequantizeColumns(
                    expectedBytes,
                    at,
                    depth,
                    columns,
                    scales,
                    zeroPoints,
                    at,
                    format,
                    actualValues,
                    from,
                    stride);
            same("dequantizeColumns bytes", bits(expectedValues), bits(actualValues));
        }

        double[] expectedErrors = new double[at + columns];
        double[] actualErrors = new double[at + columns];
        expected.errorColumns(
                values,
                from,
                depth,
                columns,
                stride,
                scales,
                zeroPoints,
                at,
                format,
                expectedErrors,
                at);
        actual.errorColumns(
                values,
                from,
                depth,
                columns,
                stride,
                scales,
                zeroPoints,
                at,
                format,
                actualErrors,
                at);
        same("errorColumns", bits(expectedErrors), bits(actualErrors));
        ErrorSums expectedSums = new ErrorSums();
        ErrorSums actualSums = new ErrorSums();
        expected.measureColumns(
                values, from, depth, columns, stride, scales, zeroPoints, at, format, expectedSums);
        actual.measureColumns(
                values, from, depth, columns, stride, scales, zeroPoints, at, format, actualSums);
        same("measureColumns", bits(expectedSums.pending), bits(actualSums.pending));
        same("measureColumns", expectedSums.toStatistics(), actualSums.toStatistics());
    }

    private void checkTile(Affine format, int rows) {
        int from = random.nextInt(5);
        int at = random.nextInt(5);
        float[] tile = values(from + rows * AffineKernels.LANES);
        float[] scales = new float[at + AffineKernels.LANES];
        int[] zeroPoints = new int[at + AffineKernels.LANES];
        parameters(format, scales, zeroPoints, tile);
        double[] expectedErrors = new double[at + AffineKernels.LANES];
        double[] actualErrors = expectedErrors.clone();
        double[] expectedMoments = new double[5 * AffineKernels.LANES];
        double[] actualMoments = expectedMoments.clone();
        for (int repeat = 0; repeat < 2; repeat++) {
            expected.searchErrors(
                    tile, from, rows, scales, zeroPoints, at, format, expectedErrors, at);
            actual.searchErrors(tile, from, rows, scales, zeroPoints, at, format, actualErrors, at);
            expected.searchMoments(
                    tile, from, rows, scales, zeroPoints, at, format, expectedMoments);
            actual.searchMoments(tile, from, rows, scales, zeroPoints, at, format, actualMoments);
        }
        same("searchErrors", bits(expectedErrors), bits(actualErrors));
        same("searchMoments", bits(expectedMoments), bits(actualMoments));
    }

    /** Values of one kind a time: ordinary, ties, both zeros, huge, tiny, or not all finite. */
    private float[] values(int count) {
        float[] values = new float[count];
        int kind = random.nextInt(8);
        for (int i = 0; i < count; i++) {
            values[i] =
                    switch (kind) {
                        case 0 -> random.nextInt(-40, 40) * 0.125f;
                        case 1 -> random.nextBoolean() ? 0f : -0f;
                        case 2 -> (random.nextFloat() - 0.5f) * Float.MAX_VALUE * 2;
                        case 3 -> (random.nextFloat() - 0.5f) * 1e-41f;
                        case 4 -> random.nextFloat() + 3;
                        default -> (float) random.nextGaussian();
                    };
        }
        if (kind == 7) {
            float[] odd = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f};
            values[random.nextInt(count)] = odd[random.nextInt(odd.length)];
        }
        return values;
    }

    /** Parameters that fit the values, or are far too small or large for them. */
    private void parameters(Affine format, float[] scales, int[] zeroPoints, float[] values) {
        float minimum = 0;
        float maximum = 0;
        for (int i = 0; i < values.length; i++) {
            // Beyond the range functions all values are finite.
            values[i] = Float.isFinite(values[i]) ? values[i] : 1;
            minimum = Math.min(minimum, values[i]);
            maximum = Math.max(maximum, values[i]);
        }
        AffineParameters fitting = AffineParameters.of(minimum, maximum, format);
        for (int i = 0; i < scales.length; i++) {
            double factor = random.nextInt(4) == 0 ? Math.exp(20 * random.nextGaussian()) : 1;
            scales[i] = AffineParameters.bounded(fitting.scale() * factor, format);
            zeroPoints[i] =
                    format.symmetric()
                            ? fitting.zeroPoint()
                            : random.nextInt(format.qmin(), format.qmax() + 1);
        }
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            // The canonical NaN: which NaN an operation gives is not specified.
            bits[i] = Float.floatToIntBits(values[i]);
        }
        return bits;
    }

    private static long[] bits(double... values) {
        return Arrays.stream(values).mapToLong(Double::doubleToLongBits).toArray();
    }

    private static void same(String what, Object expected, Object actual) {
        if (!Arrays.deepEquals(new Object[] {expected}, new Object[] {actual})) {
            throw new AssertionError(
                    "%s differs: expected %s, got %s"
                            .formatted(
                                    what,
                                    Arrays.deepToString(new Object[] {expected}),
                                    Arrays.deepToString(new Object[] {actual})));
        }
    }
}
