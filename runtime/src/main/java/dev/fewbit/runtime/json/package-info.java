/**
 * A small streaming JSON reader, so that sample data and runtime profiles of any size are read
 * without a tree in memory and without another dependency.
 *
 * <p>Start from {@link dev.fewbit.runtime.json.JsonReader}.
 */
@NullMarked
package dev.fewbit.runtime.json;

import org.jspecify.annotations.NullMarked;
