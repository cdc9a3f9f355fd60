/**
 * Random inputs that a model accepts, for when there is no data.
 *
 * <p>Start from {@link dev.fewbit.runtime.random.RandomSamples}.
 */
@NullMarked
package dev.fewbit.runtime.random;

import org.jspecify.annotations.NullMarked;
