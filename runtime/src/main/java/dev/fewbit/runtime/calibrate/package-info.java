/**
 * Calibration: which values flow through a float model when it runs on samples.
 *
 * <p>Start from {@link dev.fewbit.runtime.calibrate.Calibration}; where there is no data, {@link
 * dev.fewbit.runtime.compare.ComparisonSamples} makes random inputs. The result, {@link
 * dev.fewbit.runtime.calibrate.Statistics}, can be saved, reused and merged.
 */
@NullMarked
package dev.fewbit.runtime.calibrate;

import org.jspecify.annotations.NullMarked;
