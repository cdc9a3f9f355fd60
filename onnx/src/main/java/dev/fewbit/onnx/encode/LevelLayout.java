package dev.fewbit.onnx.encode;

import dev.fewbit.core.format.Codebook;
import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.level.LevelTable;
import dev.fewbit.core.plan.WeightPlan;
import dev.fewbit.core.quantize.LevelScaling;
import dev.fewbit.core.quantize.TableGeometry;
import dev.fewbit.onnx.graph.ElementType;
import dev.fewbit.onnx.weight.WeightSite;

import org.jspecify.annotations.Nullable;

/**
 * The tables of a weight whose levels come from tables.
 *
 * <p>Levels that a format has for all tensors are stored once for a model, see {@link
 * SharedConstants}. Learned ones are stored with the weight, all tables one behind the other.
 *
 * @param format which levels
 * @param geometry which weights share a table
 * @param scaling what kind of scales there are
 */
record LevelLayout(LevelFormat format, TableGeometry geometry, LevelScaling scaling) {

    /** The tables of a weight; null if its levels are evenly spaced around a zero point. */
    static @Nullable LevelLayout of(WeightSite site, WeightPlan plan) {
        return plan.format() instanceof LevelFormat format
                ? new LevelLayout(
                        format,
                        site.tables(format, plan.grouping()),
                        LevelScaling.of(format, plan.grouping()))
                : null;
    }

    boolean hasScales() {
        return scaling != LevelScaling.NONE;
    }

    boolean isLearned() {
        return format instanceof Codebook;
    }

    boolean hasSeveralTables() {
        return geometry.tables() > 1;
    }

    /** Element type of learned tables. */
    ElementType tableType() {
        return format.integral() ? ElementType.INT8 : ElementType.FLOAT;
    }

    /** Number of levels that are stored with the weight. */
    long learnedLevels() {
        return isLearned() ? (long) geometry.tables() * format.levelCount() : 0;
    }

    /** Bytes that are stored with the weight. */
    long bytes() {
        return tableType().byteSize(learnedLevels());
    }

    /** Whether all levels are integers from -8 to 7, for sure. */
    boolean fitsFourBits() {
        return LevelTable.ofFormat(format)
                .filter(
                        table ->
                                table.integral()
                                        && table.level(0) >= -8
                                        && table.level(table.size() - 1) <= 7)
                .isPresent();
    }
}
