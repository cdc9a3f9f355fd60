/**
 * Levels that are not evenly spaced: how values become codes, and how levels are found.
 *
 * <p>Start from {@link dev.fewbit.core.level.LevelMapping}, the definition. {@link
 * dev.fewbit.core.level.Points} is what the searches work on: {@link
 * dev.fewbit.core.level.OptimalClusters} finds the best table, {@link
 * dev.fewbit.core.level.ScaleSearch} the best scale of a table that is given.
 */
@NullMarked
package dev.fewbit.core.level;

import org.jspecify.annotations.NullMarked;
