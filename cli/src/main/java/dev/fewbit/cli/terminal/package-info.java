/**
 * What a person sees: colours, tables, progress bars, and numbers in words.
 *
 * <p>Start from {@link dev.fewbit.cli.terminal.Terminal}. Everything here is pure text work;
 * nothing knows of models.
 */
@NullMarked
package dev.fewbit.cli.terminal;

import org.jspecify.annotations.NullMarked;
