package dev.fewbit.core.quantize;

import dev.fewbit.core.affine.RangeMethod.LeastSquares;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.kernel.AffineKernels;

/**
 * Gives the groups of a band to a {@link LeastSquaresSearch}, sixteen at a time. Mutable scratch
 * space: one for each thread.
 */
final class BandSearch {

    /** Longer groups of adjacent elements are searched in place, not as columns of a tile. */
    private static final int LONGEST_TILE = 4096;

    private static final int LANES = AffineKernels.LANES;

    private final AffineKernels kernels;
    private final Affine format;
    private final LeastSquares effort;
    private final TileTarget tile;
    private final LeastSquaresSearch search;

    /** Groups that wait until they fill a tile. */
    private int waiting;

    private final int[] members = new int[LANES];
    private final int[] starts = new int[LANES];
    private final float[] scales = new float[LANES];
    private final int[] zeroPoints = new int[LANES];

    BandSearch(AffineKernels kernels, Affine format, LeastSquares effort) {
        this.kernels = kernels;
        this.format = format;
        this.effort = effort;
        tile = new TileTarget(kernels, format);
        search = new LeastSquaresSearch(format, effort);
    }

    /** Whether this is what another search would be made as. */
    boolean serves(AffineKernels otherKernels, LeastSquares otherEffort) {
        return kernels.equals(otherKernels) && effort.equals(otherEffort);
    }

    /** Improves the parameters of groups of adjacent elements. */
    void searchRows(float[] values, RowGroups groups, QuantizedBand into) {
        searchRows(values, groups, groups.groupSize(), into);
        int rest = groups.length() % groups.groupSize();
        if (rest > 0) {
            searchRows(values, groups, rest, into);
        }
    }

    /** Those of one size: the rows of a tile are as many for all of its columns. */
    private void searchRows(float[] values, RowGroups groups, int size, QuantizedBand into) {
        waiting = 0;
        groups.forEach(
                (group, start, groupSize) -> {
                    if (groupSize != size) {
                        return;
                    }
                    if (size > LONGEST_TILE) {
                        searchRun(values, start, size, group, into);
                        return;
                    }
                    members[waiting] = group;
                    starts[waiting] = start;
                    waiting++;
                    if (waiting == LANES) {
                        searchTile(values, size, waiting, into);
                        waiting = 0;
                    }
                });
        if (waiting > 0) {
            searchTile(values, size, waiting, into);
        }
    }

    private void searchRun(float[] values, int start, int size, int group, QuantizedBand into) {
        RunTarget run = new RunTarget(kernels, format, FloatChunks.of(values, start, size));
        search.search(run, size, into.scales(), into.zeroPoints(), group, 1);
    }

    private void searchTile(float[] values, int size, int used, QuantizedBand into) {
        tile.fillRuns(values, starts, used, size);
        for (int lane = 0; lane < used; lane++) {
            scales[lane] = into.scales()[members[lane]];
            zeroPoints[lane] = into.zeroPoints()[members[lane]];
        }
        search.search(tile, size, scales, zeroPoints, 0, used);
        for (int lane = 0; lane < used; lane++) {
            into.scales()[members[lane]] = scales[lane];
            into.zeroPoints()[members[lane]] = zeroPoints[lane];
        }
    }

    /** Improves the parameters of columns, which are from index {@code at} on. */
    void searchColumns(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            int at,
            QuantizedBand into) {
        for (int c = 0; c < columns; c += LANES) {
            int used = Math.min(LANES, columns - c);
            tile.fillColumns(values, from + c, depth, used, stride);
            search.search(tile, depth, into.scales(), into.zeroPoints(), at + c, used);
        }
    }
}
