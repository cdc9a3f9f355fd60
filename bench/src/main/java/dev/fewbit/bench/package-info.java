/**
 * Benchmarks of the kernels, for JMH. Never shipped.
 *
 * <p>What is measured around whole processes is in the scripts beside this module; {@link
 * dev.fewbit.bench.large} makes the large model that one of them needs.
 */
@NullMarked
package dev.fewbit.bench;

import org.jspecify.annotations.NullMarked;
