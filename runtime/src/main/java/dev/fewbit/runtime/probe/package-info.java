/**
 * Load time and memory of one model, measured in a process of its own.
 *
 * <p>Start from {@link dev.fewbit.runtime.probe.ProcessProbe}.
 */
@NullMarked
package dev.fewbit.runtime.probe;

import org.jspecify.annotations.NullMarked;
