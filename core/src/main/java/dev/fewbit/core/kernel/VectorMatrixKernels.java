package dev.fewbit.core.kernel;

import static dev.fewbit.core.kernel.VectorShapes.DOUBLES;
import static dev.fewbit.core.kernel.VectorShapes.FLOATS;
import static dev.fewbit.core.kernel.VectorShapes.WIDTH;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/**
 * The matrix kernels with the Vector API. A piece of the result stays in registers while all terms
 * go by; what does not fill such a piece is left to the scalar kernels, which is the same
 * arithmetic for every element.
 */
final class VectorMatrixKernels implements MatrixKernels {

    private static final ScalarMatrixKernels SCALAR = ScalarMatrixKernels.INSTANCE;
    private static final int DOUBLE_WIDTH = DOUBLES.length();

    /** Rows of a piece of {@link #subtractProduct}, of two vectors each. */
    private static final int PIECE_ROWS = 4;

    private static final int PIECE_COLUMNS = 2 * DOUBLE_WIDTH;

    @Override
    public String name() {
        return "vector %d bits".formatted(FLOATS.vectorBitSize());
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
        int wholeRows = rows - rows % PIECE_ROWS;
        int wholeColumns = columns - columns % PIECE_COLUMNS;
        // Columns outside: a strip of B stays in the first cache for all rows.
        for (int j = 0; j < wholeColumns; j += PIECE_COLUMNS) {
            for (int r = 0; r < wholeRows; r += PIECE_ROWS) {
                int aAt = aFrom + r * aStride;
                subtractPiece(
                        a,
                        aAt,
                        aStride,
                        b,
                        bFrom + j,
                        bStride,
                        c,
                        cFrom + r * cStride + j,
                        cStride,
                        depth);
            }
        }
        if (wholeColumns < columns) {
            SCALAR.subtractProduct(
                    a,
                    aFrom,
                    aStride,
                    b,
                    bFrom + wholeColumns,
                    bStride,
                    c,
                    cFrom + wholeColumns,
                    cStride,
                    wholeRows,
                    depth,
                    columns - wholeColumns);
        }
        SCALAR.subtractProduct(
                a,
                aFrom + wholeRows * aStride,
                aStride,
                b,
                bFrom,
                bStride,
                c,
                cFrom + wholeRows * cStride,
                cStride,
                rows - wholeRows,
                depth,
                columns);
    }

    private static void subtractPiece(
            double[] a,
            int aAt,
            int aStride,
            double[] b,
            int bAt,
            int bStride,
            double[] c,
            int cAt,
            int cStride,
            int depth) {
        int c1 = cAt + cStride;
        int c2 = c1 + cStride;
        int c3 = c2 + cStride;
        DoubleVector left0 = load(c, cAt);
        DoubleVector right0 = load(c, cAt + DOUBLE_WIDTH);
        DoubleVector left1 = load(c, c1);
        DoubleVector right1 = load(c, c1 + DOUBLE_WIDTH);
        DoubleVector left2 = load(c, c2);
        DoubleVector right2 = load(c, c2 + DOUBLE_WIDTH);
        DoubleVector left3 = load(c, c3);
        DoubleVector right3 = load(c, c3 + DOUBLE_WIDTH);
        int a1 = aAt + aStride;
        int a2 = a1 + aStride;
        int a3 = a2 + aStride;
        for (int k = 0; k < depth; k++) {
            DoubleVector left = load(b, bAt + k * bStride);
            DoubleVector right = load(b, bAt + k * bStride + DOUBLE_WIDTH);
            DoubleVector factor = DoubleVector.broadcast(DOUBLES, a[aAt + k]);
            left0 = left0.sub(factor.mul(left));
            right0 = right0.sub(factor.mul(right));
            factor = DoubleVector.broadcast(DOUBLES, a[a1 + k]);
            left1 = left1.sub(factor.mul(left));
            right1 = right1.sub(factor.mul(right));
            factor = DoubleVector.broadcast(DOUBLES, a[a2 + k]);
            left2 = left2.sub(factor.mul(left));
            right2 = right2.sub(factor.mul(right));
            factor = DoubleVector.broadcast(DOUBLES, a[a3 + k]);
            left3 = left3.sub(factor.mul(left));
            right3 = right3.sub(factor.mul(right));
        }
        left0.intoArray(c, cAt);
        right0.intoArray(c, cAt + DOUBLE_WIDTH);
        left1.intoArray(c, c1);
        right1.intoArray(c, c1 + DOUBLE_WIDTH);
        left2.intoArray(c, c2);
        right2.intoArray(c, c2 + DOUBLE_WIDTH);
        left3.intoArray(c, c3);
        right3.intoArray(c, c3 + DOUBLE_WIDTH);
    }

    private static DoubleVector load(double[] values, int at) {
        return DoubleVector.fromArray(DOUBLES, values, at);
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
        for (int i = 0; i < TILE; i += TILE / 2) {
            for (int j = 0; j < TILE; j += WIDTH) {
                addHalf(
                        left,
                        leftFrom + i,
                        right,
                        rightFrom + j,
                        samples,
                        sums,
                        at + i * stride + j,
                        stride);
            }
        }
    }

    /** Eight rows of a tile, one vector wide. */
    private static void addHalf(
            float[] left,
            int leftFrom,
            float[] right,
            int rightFrom,
            int samples,
            double[] sums,
            int at,
            int stride) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        FloatVector sum4 = sum0;
        FloatVector sum5 = sum0;
        FloatVector sum6 = sum0;
        FloatVector sum7 = sum0;
        for (int s = 0; s < samples; s++) {
            FloatVector values = FloatVector.fromArray(FLOATS, right, rightFrom + s * TILE);
            int f = leftFrom + s * TILE;
            sum0 = sum0.add(values.mul(left[f]));
            sum1 = sum1.add(values.mul(left[f + 1]));
            sum2 = sum2.add(values.mul(left[f + 2]));
            sum3 = sum3.add(values.mul(left[f + 3]));
            sum4 = sum4.add(values.mul(left[f + 4]));
            sum5 = sum5.add(values.mul(left[f + 5]));
            sum6 = sum6.add(values.mul(left[f + 6]));
            sum7 = sum7.add(values.mul(left[f + 7]));
        }
        VectorShapes.addTo(sums, at, sum0);
        VectorShapes.addTo(sums, at + stride, sum1);
        VectorShapes.addTo(sums, at + 2 * stride, sum2);
        VectorShapes.addTo(sums, at + 3 * stride, sum3);
        VectorShapes.addTo(sums, at + 4 * stride, sum4);
        VectorShapes.addTo(sums, at + 5 * stride, sum5);
        VectorShapes.addTo(sums, at + 6 * stride, sum6);
        VectorShapes.addTo(sums, at + 7 * stride, sum7);
    }
}
