/**
 * Mixed precision: finds for every weight of a network the format with which the whole network is
 * best at a given size.
 *
 * <p>Start from {@link dev.fewbit.search.PrecisionSearch}, which goes through the steps: a {@link
 * dev.fewbit.search.StartingPoint}, the {@link dev.fewbit.search.Menu} of formats of every weight,
 * {@link dev.fewbit.search.OptionRounding} of all of them, {@link dev.fewbit.search.Sensitivity} of
 * the outputs to each, allocation, and {@link dev.fewbit.search.Assembly} of what was chosen.
 */
@NullMarked
package dev.fewbit.search;

import org.jspecify.annotations.NullMarked;
