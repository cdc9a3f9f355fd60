package dev.fewbit.core.kernel;

import dev.fewbit.core.format.Affine;

import java.util.Arrays;

/** Runs each kernel on small data of its own, for {@link WarmUp}. Shared by warming threads. */
final class KernelExercises {

    /** Five whole tiles and a part of one: four vectors together, one alone, and less than one. */
    private static final int COLUMNS = 85;

    private static final int SIZE = WarmUp.LARGEST + COLUMNS + AffineKernels.LANES;
    private static final Affine FORMAT = new Affine(8, true, false);

    private final AffineKernels kernels;
    private final float[] values = new float[SIZE];
    private final float[] scales = new float[COLUMNS];
    private final int[] zeroPoints = new int[COLUMNS];

    KernelExercises(AffineKernels kernels) {
        this.kernels = kernels;
        for (int i = 0; i < SIZE; i++) {
            values[i] = i % 101 - 50;
        }
        Arrays.fill(scales, 0.5f);
    }

    void rangeRow(int elements) {
        kernels.rangeRow(values, 0, elements, new float[1], new float[1], 0);
    }

    void rangeColumns(int elements) {
        int depth = depth(elements);
        float[] minima = new float[COLUMNS];
        float[] maxima = new float[COLUMNS];
        kernels.rangeColumns(values, 0, depth, COLUMNS, COLUMNS, minima, maxima, 0);
    }

    void quantizeRowBytes(int elements) {
        kernels.quantizeRow(values, 0, elements, 0.5f, 1, FORMAT, new byte[elements], 0);
    }

    void quantizeRowShorts(int elements) {
        kernels.quantizeRow(values, 0, elements, 0.5f, 1, FORMAT, new short[elements], 0);
    }

    void quantizeColumnsBytes(int elements) {
        int depth = depth(elements);
        byte[] codes = new byte[depth * COLUMNS];
        kernels.quantizeColumns(
                values, 0, depth, COLUMNS, COLUMNS, scales, zeroPoints, 0, FORMAT, codes, 0);
    }

    void quantizeColumnsShorts(int elements) {
        int depth = depth(elements);
        short[] codes = new short[depth * COLUMNS];
        kernels.quantizeColumns(
                values, 0, depth, COLUMNS, COLUMNS, scales, zeroPoints, 0, FORMAT, codes, 0);
    }

    void measureRow(int elements) {
        kernels.measureRow(values, 0, elements, 0.5f, 1, FORMAT, new ErrorSums());
    }

    void measureColumns(int elements) {
        kernels.measureColumns(
                values,
                0,
                depth(elements),
                COLUMNS,
                COLUMNS,
                scales,
                zeroPoints,
                0,
                FORMAT,
                new ErrorSums());
    }

    void errorRow(int elements) {
        double error = kernels.errorRow(values, 0, elements, 0.5f, 1, FORMAT);
        if (Double.isNaN(error)) {
            throw new AssertionError("finite values have a finite error");
        }
    }

    void errorColumns(int elements) {
        kernels.errorColumns(
                values,
                0,
                depth(elements),
                COLUMNS,
                COLUMNS,
                scales,
                zeroPoints,
                0,
                FORMAT,
                new double[COLUMNS],
                0);
    }

    void searchErrors(int elements) {
        double[] errors = new double[AffineKernels.LANES];
        int rows = elements / AffineKernels.LANES;
        kernels.searchErrors(values, 0, rows, scales, zeroPoints, 0, FORMAT, errors, 0);
    }

    void searchMoments(int elements) {
        double[] moments = new double[5 * AffineKernels.LANES];
        int rows = elements / AffineKernels.LANES;
        kernels.searchMoments(values, 0, rows, scales, zeroPoints, 0, FORMAT, moments);
    }

    private static int depth(int elements) {
        return Math.max(1, elements / COLUMNS);
    }
}
