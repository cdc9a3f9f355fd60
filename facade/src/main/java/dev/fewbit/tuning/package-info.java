/**
 * Making static plans with the help of data: prepare, calibrate, plan, correct, and hold candidates
 * against the float model.
 *
 * <p>Start from {@link dev.fewbit.tuning.StaticTuning}.
 */
@NullMarked
package dev.fewbit.tuning;

import org.jspecify.annotations.NullMarked;
