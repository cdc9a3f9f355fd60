/**
 * Everything that was measured about one quantization, as plain records.
 *
 * <p>Start from {@link dev.fewbit.core.findings.Findings}. The runtime fills these records, the
 * report draws them; the two share nothing else. Sizes are bytes, times are milliseconds unless a
 * name says otherwise, ratios are plain numbers, and signal-to-quantization-noise ratios are
 * decibels (infinite where nothing changed).
 */
@NullMarked
package dev.fewbit.core.findings;

import org.jspecify.annotations.NullMarked;
