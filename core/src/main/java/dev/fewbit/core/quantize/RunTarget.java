package dev.fewbit.core.quantize;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.kernel.AffineKernels;

import java.util.Arrays;

/**
 * One long group. Its elements are a tile of sixteen columns with the same parameters, whose sums
 * are added up at the end.
 */
final class RunTarget implements SearchTarget {

    private static final int LANES = AffineKernels.LANES;

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
    public int lanes() {
        return 1;
    }

    @Override
    public void searchErrors(int candidates, float[] scales, int[] zeroPoints, double[] errors) {
        float[] spreadScales = spread(scales, candidates);
        int[] spreadZeroPoints = spread(zeroPoints, candidates);
        double[] lanes = new double[candidates * LANES];
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
                                                spreadScales,
                                                spreadZeroPoints,
                                                k * LANES,
                                                format,
                                                lanes,
                                                k * LANES);
                                    }
                                }));
        reduce(lanes, candidates, errors);
    }

    @Override
    public void exactErrors(int candidates, float[] scales, int[] zeroPoints, double[] errors) {
        Arrays.fill(errors, 0, candidates, 0);
        chunks.forEach(
                (values, from, count) -> {
                    for (int start = 0; start < count; start += PIECE) {
                        int size = Math.min(PIECE, count - start);
                        for (int k = 0; k < candidates; k++) {
                            errors[k] +=
                                    kernels.errorRow(
                                            values,
                                            from + start,
                                            size,
                                            scales[k],
                                            zeroPoints[k],
                                            format);
                        }
                    }
                });
    }

    @Override
    public void moments(float[] scales, int[] zeroPoints, double[] moments) {
        float[] spreadScales = spread(scales, 1);
        int[] spreadZeroPoints = spread(zeroPoints, 1);
        double[] lanes = new double[moments.length * LANES];
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
                                                spreadScales,
                                                spreadZeroPoints,
                                                0,
                                                format,
                                                lanes)));
        reduce(lanes, moments.length, moments);
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

    private static float[] spread(float[] values, int count) {
        float[] spread = new float[count * LANES];
        for (int k = 0; k < count; k++) {
            Arrays.fill(spread, k * LANES, (k + 1) * LANES, values[k]);
        }
        return spread;
    }

    private static int[] spread(int[] values, int count) {
        int[] spread = new int[count * LANES];
        for (int k = 0; k < count; k++) {
            Arrays.fill(spread, k * LANES, (k + 1) * LANES, values[k]);
        }
        return spread;
    }

    private static void reduce(double[] lanes, int sums, double[] into) {
        for (int k = 0; k < sums; k++) {
            double sum = 0;
            for (int lane = 0; lane < LANES; lane++) {
                sum += lanes[k * LANES + lane];
            }
            into[k] = sum;
        }
    }
}
