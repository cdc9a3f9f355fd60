package dev.fewbit.core.format;

/** What weights are rounded to: evenly spaced levels, or those of a table. */
public sealed interface WeightFormat extends NumberFormat permits Affine, LevelFormat {}
