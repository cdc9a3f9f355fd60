/**
 * A transformer of any size, made of random numbers: to see how Fewbit copes with models that do
 * not fit into memory, without fetching one.
 *
 * <p>Start from {@link dev.fewbit.bench.large.GenerateModel}; {@link
 * dev.fewbit.bench.large.RunModel} shows that what came out still runs.
 */
@NullMarked
package dev.fewbit.bench.large;

import org.jspecify.annotations.NullMarked;
