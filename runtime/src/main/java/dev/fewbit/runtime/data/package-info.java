/**
 * Sample data for running models: arrays read from files, one sample at a time, fitted to what the
 * model takes.
 *
 * <p>Start from {@link dev.fewbit.runtime.data.DataFiles#open}, which gives {@link
 * dev.fewbit.runtime.data.Samples}.
 */
@NullMarked
package dev.fewbit.runtime.data;

import org.jspecify.annotations.NullMarked;
