package dev.fewbit.rounding;

import dev.fewbit.core.rounding.AffineGrid;
import dev.fewbit.core.rounding.LevelGrid;
import dev.fewbit.core.rounding.RoundedMatrix;
import dev.fewbit.core.rounding.RoundingGrid;

import java.util.Arrays;
import java.util.List;

/** Takes rounded matrices apart by rows, and puts them together. */
final class RoundedRows {
    private RoundedRows() {}

    /** Some of the rows. */
    static RoundedMatrix part(RoundedMatrix rounded, int first, int end) {
        RoundingGrid grid = rounded.grid();
        if (first == 0 && end == grid.rows()) {
            return rounded;
        }
        int columns = grid.columns();
        return new RoundedMatrix(
                grid.part(first, end),
                Arrays.copyOfRange(rounded.codes(), first * columns, end * columns));
    }

    /** One below the other; all of the same width, groups and kind of levels. */
    static RoundedMatrix joined(List<RoundedMatrix> parts) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        RoundingGrid first = parts.getFirst().grid();
        int rows = parts.stream().mapToInt(part -> part.grid().rows()).sum();
        byte[] codes = new byte[rows * first.columns()];
        float[] scales = new float[rows * first.groups()];
        int[] zeroPoints = new int[scales.length];
        int code = 0;
        int group = 0;
        for (RoundedMatrix part : parts) {
            byte[] its = part.codes();
            System.arraycopy(its, 0, codes, code, its.length);
            code += its.length;
            float[] own = part.grid().scales();
            System.arraycopy(own, 0, scales, group, own.length);
            if (part.grid() instanceof AffineGrid affine) {
                System.arraycopy(affine.zeroPoints(), 0, zeroPoints, group, own.length);
            }
            group += own.length;
        }
        RoundingGrid grid =
                switch (first) {
                    case AffineGrid affine ->
                            new AffineGrid(
                                    rows,
                                    first.columns(),
                                    first.groupSize(),
                                    affine.format(),
                                    scales,
                                    zeroPoints);
                    case LevelGrid levels ->
                            new LevelGrid(
                                    rows,
                                    first.columns(),
                                    first.groupSize(),
                                    new float[][] {levels.table(0)},
                                    rows,
                                    scales);
                };
        return new RoundedMatrix(grid, codes);
    }
}
