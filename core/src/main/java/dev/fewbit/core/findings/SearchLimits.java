package dev.fewbit.core.findings;

import org.jspecify.annotations.Nullable;

/**
 * What a search was asked to keep; {@code null} where it was free.
 *
 * @param bytes the largest file
 * @param loss the greatest loss
 * @param seconds the longest time of a run
 */
public record SearchLimits(@Nullable Long bytes, @Nullable Double loss, @Nullable Double seconds) {}
