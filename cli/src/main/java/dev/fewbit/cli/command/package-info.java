/**
 * The commands, one class each.
 *
 * <p>Start from {@link dev.fewbit.cli.command.Subcommand}. Arguments are described by picocli's
 * model without its annotations, and only the command that was asked for is described at all:
 * reading annotations would take longer than quantizing a small model.
 */
@NullMarked
package dev.fewbit.cli.command;

import org.jspecify.annotations.NullMarked;
