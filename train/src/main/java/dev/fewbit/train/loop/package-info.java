/** The training loop: losses, schedule, checkpoints, early end. */
@NullMarked
package dev.fewbit.train.loop;

import org.jspecify.annotations.NullMarked;
