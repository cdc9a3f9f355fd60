package dev.fewbit.core.kernel;

import java.util.Arrays;

/** The specification of {@link MatrixKernels}. The compiler makes vector code of some of it. */
final class ScalarMatrixKernels implements MatrixKernels {

    static final ScalarMatrixKernels INSTANCE = new ScalarMatrixKernels();

    private ScalarMatrixKernels() {}

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void subtractProduct(
            double[] a,
            int aFrom,
            int aStride,
            double[] b,
            int bFrom,
            int bStride,
            double[] c,
            int cFrom,
            int cStride,
            int rows,
            int depth,
            int columns) {
        for (int r = 0; r < rows; r++) {
            for (int k = 0; k < depth; k++) {
                double factor = a[aFrom + r * aStride + k];
                subtract(factor, b, bFrom + k * bStride, c, cFrom + r * cStride, columns);
            }
        }
    }

    private static void subtract(
            double factor, double[] b, int bFrom, double[] c, int cFrom, int columns) {
        for (int j = 0; j < columns; j++) {
            c[cFrom + j] -= factor * b[bFrom + j];
        }
    }

    @Override
    public void addProducts(
            float[] left,
            int leftFrom,
            float[] right,
            int rightFrom,
            int samples,
            double[] sums,
            int at,
            int stride) {
        float[] row = new float[TILE];
        for (int i = 0; i < TILE; i++) {
            Arrays.fill(row, 0);
            for (int s = 0; s < samples; s++) {
                float factor = left[leftFrom + s * TILE + i];
                int from = rightFrom + s * TILE;
                for (int j = 0; j < TILE; j++) {
                    row[j] += factor * right[from + j];
                }
            }
            for (int j = 0; j < TILE; j++) {
                sums[at + i * stride + j] += row[j];
            }
        }
    }
}
