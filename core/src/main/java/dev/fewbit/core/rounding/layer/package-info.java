/**
 * The algorithms of {@link dev.fewbit.core.rounding} put together: all that is done to the weights
 * of one layer, from a target and the moments of its inputs to codes and the values they stand for.
 *
 * <p>Start from {@link dev.fewbit.core.rounding.layer.LayerRounder}.
 */
@NullMarked
package dev.fewbit.core.rounding.layer;

import org.jspecify.annotations.NullMarked;
