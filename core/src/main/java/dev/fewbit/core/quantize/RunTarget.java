package dev.fewbit.core.quantize;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.kernel.AffineKernels;

import java.util.Arrays;

/**
 * One long group. Its elements are a tile of sixteen columns with the same parameters, whose sums
 * are added up at the end.
 */
final class RunTarget implements SearchTarget {

    /** Elements that all candidates look at before the next are touched: they stay in the cache. */
    private static final int PIECE = FloatChunks.MULTIPLE;

    private final AffineKernels kernels;
    private final Affine format;
    private final FloatChunks chunks;
    private final float[] last = new float[LANES];

    RunTarget(AffineKernels kernels, Affine format, FloatChunks chunks) {
        this.kernels = kernels;
        this.format = format;
        this.chunks = chunks;
    }

    @Override
    public void searchErrors(int candidates, float[] scales, int[] zeroPoints, double[] errors) {
        Arrays.fill(errors, 0, candidates * LANES, 0);
        chunks.forEach(
                (values, from, count) ->
                        pieces(
                                values,
                                from,
                                count,
                                (tile, at, rows) -> {
                                    for (int k = 0; k < candidates; k++) {
                                        kernels.searchErrors(
                                                tile,
                                                at,
                                                rows,
                                                scales,
                                                zeroPoints,
                                                k * LANES,
                                                format,
                                                errors,
                                                k * LANES);
                                    }
                                }));
        addUpLanes(errors, candidates);
    }

    @Override
    public void exactErrors(int candidates, float[] scales, int[] zeroPoints, double[] errors) {
        double[] sums = new double[candidates];
        chunks.forEach(
                (values, from, count) -> {
                    for (int start = 0; start < count; start += PIECE) {
                        int size = Math.min(PIECE, count - start);
                        for (int k = 0; k < candidates; k++) {
                            sums[k] +=
                                    kernels.errorRow(
                                            values,
                                            from + start,
                                            size,
                                            scales[k * LANES],
                                            zeroPoints[k * LANES],
                                            format);
                        }
                    }
                });
        for (int k = 0; k < candidates; k++) {
            Arrays.fill(errors, k * LANES, (k + 1) * LANES, sums[k]);
        }
    }

    @Override
    public void moments(float[] scales, int[] zeroPoints, double[] moments) {
        Arrays.fill(moments, 0);
        chunks.forEach(
                (values, from, count) ->
                        pieces(
                                values,
                                from,
                                count,
                                (tile, at, rows) ->
                                        kernels.searchMoments(
                                                tile,
                                                at,
                                                rows,
                                                scales,
                                                zeroPoints,
                                                0,
                                                format,
                                                moments)));
        addUpLanes(moments, moments.length / LANES);
    }

    /** Cuts a chunk into tiles; what does not fill a row of the last is a row padded with zeros. */
    private void pieces(float[] values, int from, int count, TileVisitor visitor) {
        int whole = count - count % LANES;
        for (int start = 0; start < whole; start += PIECE) {
            visitor.visit(values, from + start, Math.min(PIECE, whole - start) / LANES);
        }
        if (whole < count) {
            Arrays.fill(last, 0);
            System.arraycopy(values, from + whole, last, 0, count - whole);
            visitor.visit(last, 0, 1);
        }
    }

    private interface TileVisitor {
        void visit(float[] tile, int from, int rows);
    }

    /** Gives every lane the sum of all, since they hold one group together. */
    private static void addUpLanes(double[] sums, int count) {
        for (int k = 0; k < count; k++) {
            double sum = 0;
            for (int lane = 0; lane < LANES; lane++) {
                sum += sums[k * LANES + lane];
            }
            Arrays.fill(sums, k * LANES, (k + 1) * LANES, sum);
        }
    }
}
