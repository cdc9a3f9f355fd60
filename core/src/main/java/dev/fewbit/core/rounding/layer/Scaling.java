package dev.fewbit.core.rounding.layer;

/** What the scales of a layer may be. */
public enum Scaling {
    /** A float for each group. */
    FLOATS,
    /** A float for each row, times an integer from 1 to 255 for each group. */
    TWO_LEVELS,
    /** One float for all groups of all rows. */
    SHARED
}
