package dev.fewbit.rounding;

import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.CodebookSharing;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.RoundedWeight;
import dev.fewbit.core.rounding.AffineGrid;
import dev.fewbit.core.rounding.LevelGrid;
import dev.fewbit.core.rounding.RoundedMatrix;
import dev.fewbit.core.rounding.WeightMatrix;
import dev.fewbit.core.rounding.layer.LayerFormat;
import dev.fewbit.core.rounding.layer.Scaling;
import dev.fewbit.onnx.layer.LinearLayer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the matrix of a layer, a row for each output channel, lies in its tensor.
 *
 * @param rows output channels
 * @param columns inputs of one
 * @param turned whether a row lies in a column of the tensor, as in {@code [K, N]} of MatMul
 */
record WeightPlaces(int rows, int columns, boolean turned) {

    static WeightPlaces of(LinearLayer layer) {
        int rows = layer.outputChannels().channels();
        long elements =
                (long) layer.outputChannels().first()
                        * layer.outputChannels().second()
                        * layer.outputChannels().rest();
        return new WeightPlaces(
                rows, Math.toIntExact(elements / rows), layer.outputChannels().axis() == 1);
    }

    /** The matrix. */
    WeightMatrix matrix(float[] tensor) {
        return turned
                ? WeightMatrix.transposed(tensor, columns, rows)
                : new WeightMatrix(tensor, rows, columns);
    }

    /** What rounded weights may look like by a plan. */
    LayerFormat format(WeightPlan plan) {
        Grouping grouping = plan.grouping();
        Scaling scaling =
                switch (grouping.kind()) {
                    case TENSOR -> Scaling.SHARED;
                    case CHANNEL -> Scaling.FLOATS;
                    case BLOCK -> grouping.hasTwoLevels() ? Scaling.TWO_LEVELS : Scaling.FLOATS;
                };
        int size = grouping.kind() == Grouping.Kind.BLOCK ? grouping.size() : columns;
        return new LayerFormat(plan.format(), Math.min(size, columns), scaling, rowsPerTable(plan));
    }

    private int rowsPerTable(WeightPlan plan) {
        if (!(plan.format() instanceof Codebook codebook)
                || (plan.grouping().kind() == Grouping.Kind.TENSOR && codebook.integral())) {
            return rows;
        }
        long[] shape = plan.shape().stream().mapToLong(Long::longValue).toArray();
        return switch (CodebookSharing.bySize(shape, turned ? 1 : 0, codebook)) {
            case CodebookSharing.OneTable() -> rows;
            case CodebookSharing.ChannelGroups(int axis, int channels) -> channels;
        };
    }

    /** The codes in the order of the tensor, with what they stand for. */
    RoundedWeight tensor(RoundedMatrix rounded, WeightPlan plan) {
        byte[] codes = new byte[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int c = 0; c < columns; c++) {
                codes[turned ? c * rows + row : row * columns + c] = rounded.code(row, c);
            }
        }
        boolean shared = plan.grouping().kind() == Grouping.Kind.TENSOR;
        return switch (rounded.grid()) {
            case AffineGrid grid ->
                    new RoundedWeight(
                            codes,
                            scales(grid.scales(), grid.groups(), shared),
                            zeroPoints(grid.zeroPoints(), grid.groups(), shared));
            case LevelGrid grid ->
                    new RoundedWeight(
                            codes,
                            format(plan).hasScales()
                                    ? scales(grid.scales(), grid.groups(), shared)
                                    : new float[0],
                            new int[0],
                            plan.format() instanceof Codebook ? tables(grid) : List.of());
        };
    }

    private static List<LevelTable> tables(LevelGrid grid) {
        List<LevelTable> tables = new ArrayList<>();
        for (float[] levels : grid.tables()) {
            tables.add(LevelTable.of(levels));
        }
        return tables;
    }

    private float[] scales(float[] byRow, int groups, boolean shared) {
        if (shared) {
            return Arrays.copyOf(byRow, 1);
        }
        float[] ordered = new float[byRow.length];
        for (int i = 0; i < ordered.length; i++) {
            ordered[place(i, groups)] = byRow[i];
        }
        return ordered;
    }

    private int[] zeroPoints(int[] byRow, int groups, boolean shared) {
        if (shared) {
            return Arrays.copyOf(byRow, 1);
        }
        int[] ordered = new int[byRow.length];
        for (int i = 0; i < ordered.length; i++) {
            ordered[place(i, groups)] = byRow[i];
        }
        return ordered;
    }

    /** Groups of a turned tensor are numbered as {@code [blocks, N]}. */
    private int place(int group, int groups) {
        return turned ? group % groups * rows + group / groups : group;
    }
}
