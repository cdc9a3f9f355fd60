package dev.fewbit.core.quantize;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.kernel.AffineKernels;

import java.util.Arrays;

/**
 * Sixteen groups in the columns of a tile. Unused columns are zero, which costs nothing. Mutable:
 * filled anew for every sixteen groups.
 */
final class TileTarget implements SearchTarget {

    private final AffineKernels kernels;
    private final Affine format;
    private float[] tile = {};
    private int rows;

    TileTarget(AffineKernels kernels, Affine format) {
        this.kernels = kernels;
        this.format = format;
    }

    /**
     * Takes columns of a matrix.
     *
     * @param from index of the first element of the first column
     * @param columns 1 to 16
     */
    void fillColumns(float[] values, int from, int depth, int columns, int stride) {
        clear(depth, columns);
        for (int r = 0; r < depth; r++) {
            System.arraycopy(values, from + r * stride, tile, r * LANES, columns);
        }
    }

    /**
     * Takes runs of adjacent elements.
     *
     * @param from index of the first element of each
     * @param runs 1 to 16
     */
    void fillRuns(float[] values, int[] from, int runs, int length) {
        clear(length, runs);
        for (int lane = 0; lane < runs; lane++) {
            int source = from[lane];
            for (int r = 0; r < length; r++) {
                tile[r * LANES + lane] = values[source + r];
            }
        }
    }

    private void clear(int depth, int used) {
        rows = depth;
        if (tile.length < depth * LANES) {
            tile = new float[depth * LANES];
        } else if (used < LANES) {
            Arrays.fill(tile, 0, depth * LANES, 0);
        }
    }

    @Override
    public void searchErrors(int candidates, float[] scales, int[] zeroPoints, double[] errors) {
        Arrays.fill(errors, 0, candidates * LANES, 0);
        for (int k = 0; k < candidates; k++) {
            int at = k * LANES;
            kernels.searchErrors(tile, 0, rows, scales, zeroPoints, at, format, errors, at);
        }
    }

    @Override
    public void exactErrors(int candidates, float[] scales, int[] zeroPoints, double[] errors) {
        for (int k = 0; k < candidates; k++) {
            int at = k * LANES;
            kernels.errorColumns(
                    tile, 0, rows, LANES, LANES, scales, zeroPoints, at, format, errors, at);
        }
    }

    @Override
    public void moments(float[] scales, int[] zeroPoints, double[] moments) {
        Arrays.fill(moments, 0);
        kernels.searchMoments(tile, 0, rows, scales, zeroPoints, 0, format, moments);
    }
}
