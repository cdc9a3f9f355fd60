/**
 * CIFAR-10 made into data that the command line takes.
 *
 * <p>Start from {@link dev.fewbit.bench.cifar.CifarToNpz}.
 */
@NullMarked
package dev.fewbit.bench.cifar;

import org.jspecify.annotations.NullMarked;
