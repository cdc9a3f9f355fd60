package dev.fewbit.core.quantize;

import dev.fewbit.core.format.LevelFormat;
import dev.fewbit.core.plan.Grouping;

/** What the levels of a tensor are multiplied by. */
public enum LevelScaling {
    /** Nothing: the levels are the values. */
    NONE,

    /** A float for each group, of either sign. */
    SIGNED,

    /** A positive number of those that {@link TwoLevelScales} expresses, for each group. */
    TWO_LEVELS;

    /** How the levels of a tensor are scaled that has such groups. */
    public static LevelScaling of(LevelFormat format, Grouping grouping) {
        if (grouping.hasTwoLevels()) {
            return TWO_LEVELS;
        }
        boolean scaled = format.alwaysScaled() || grouping.kind() != Grouping.Kind.TENSOR;
        return scaled ? SIGNED : NONE;
    }

    /** Number of scales of a tensor with these groups. */
    public int scales(GroupGeometry groups) {
        return this == NONE ? 0 : Math.toIntExact(groups.groupCount());
    }
}
