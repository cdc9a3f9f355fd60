/**
 * A rehearsal for the JVM: the launcher records it in the ahead-of-time cache, and what was loaded
 * and learnt here starts fast later.
 *
 * <p>Start from {@link dev.fewbit.cli.training.TrainingCommand}.
 */
@NullMarked
package dev.fewbit.cli.training;

import org.jspecify.annotations.NullMarked;
