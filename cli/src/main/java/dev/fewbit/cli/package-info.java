/**
 * The command line tool.
 *
 * <p>Start from {@link Main}.
 */
@NullMarked
package dev.fewbit.cli;

import org.jspecify.annotations.NullMarked;
