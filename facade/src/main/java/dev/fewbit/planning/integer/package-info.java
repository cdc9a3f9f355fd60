/**
 * Deciding what computes in integers, and with which levels.
 *
 * <p>Start from {@link dev.fewbit.planning.integer.StaticPlanner}.
 */
@NullMarked
package dev.fewbit.planning.integer;

import org.jspecify.annotations.NullMarked;
