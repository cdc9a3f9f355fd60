/**
 * The command line tool: reads arguments, calls the library, shows what came of it.
 *
 * <p>Start from {@link dev.fewbit.cli.Main}; each command is a class in {@code
 * dev.fewbit.cli.command}.
 */
@NullMarked
package dev.fewbit.cli;

import org.jspecify.annotations.NullMarked;
