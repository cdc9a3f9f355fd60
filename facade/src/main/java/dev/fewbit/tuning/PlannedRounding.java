package dev.fewbit.tuning;

import dev.fewbit.core.format.Affine;
import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.CodebookSharing.OneTable;
import dev.fewbit.core.format.Granularity;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.format.WeightFormat;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.AffineQuantizer;
import dev.fewbit.core.quantize.Importance;
import dev.fewbit.core.quantize.LevelQuantizer;
import dev.fewbit.core.quantize.LevelTables;
import dev.fewbit.core.quantize.LevelTensor;

/** What a plan's rounding makes of weights, and how far its levels reach: for estimates. */
final class PlannedRounding {
    private PlannedRounding() {}

    /**
     * The nearest levels. Learned ones are those of one table, also where there will be several.
     *
     * @param weights the elements, row-major
     * @param granularity which of them share a scale
     */
    static float[] nearest(
            float[] weights, long[] shape, WeightPlan plan, Granularity granularity) {
        return switch (plan.format()) {
            case Affine affine ->
                    AffineQuantizer.quantize(weights, shape, affine, granularity, plan.range())
                            .dequantize();
            case LevelFormat levels -> levels(weights, shape, levels, granularity).dequantize();
        };
    }

    private static LevelTensor levels(
            float[] weights, long[] shape, LevelFormat format, Granularity granularity) {
        OneTable sharing = new OneTable();
        if (format instanceof Codebook codebook) {
            return LevelQuantizer.quantize(
                    weights, shape, codebook, granularity, sharing, Importance.EQUAL);
        }
        LevelTables tables = LevelTables.of(LevelTable.ofFormat(format).orElseThrow());
        return LevelQuantizer.quantizeTo(
                tables, weights, shape, format, granularity, sharing, Importance.EQUAL);
    }

    /** How many scales the largest level is away from zero, where levels are integers. */
    static int reach(WeightFormat format) {
        return switch (format) {
            case Affine affine -> Math.max(1, affine.qmax());
            case LevelFormat levels ->
                    LevelTable.ofFormat(levels)
                            .map(table -> Math.max(1, Math.round(table.extreme())))
                            .orElse((int) Byte.MAX_VALUE);
        };
    }
}
