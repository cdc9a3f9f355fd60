/**
 * Carries out the {@link dev.fewbit.core.plan.Rounding} that a plan asks for: layer after layer,
 * each on what the layers before it make when they are rounded, towards what the float network
 * makes.
 *
 * <p>Start from {@link dev.fewbit.rounding.SequentialRounding}.
 */
@NullMarked
package dev.fewbit.rounding;

import org.jspecify.annotations.NullMarked;
