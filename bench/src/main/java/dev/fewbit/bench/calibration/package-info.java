/**
 * What calibration costs beside plain inference.
 *
 * <p>Start from {@link dev.fewbit.bench.calibration.MeasureCalibration}.
 */
@NullMarked
package dev.fewbit.bench.calibration;

import org.jspecify.annotations.NullMarked;
