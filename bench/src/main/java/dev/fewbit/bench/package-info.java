/** Benchmarks. Never shipped. */
@NullMarked
package dev.fewbit.bench;

import org.jspecify.annotations.NullMarked;
