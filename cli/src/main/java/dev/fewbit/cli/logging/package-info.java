/**
 * Where the log of the libraries goes: warnings to standard error as a sentence, the rest only with
 * {@code --verbose}.
 *
 * <p>Start from {@link dev.fewbit.cli.logging.ToolLoggerFinder}. The JDK's own logging would take
 * longer to start than a small model takes to quantize.
 */
@NullMarked
package dev.fewbit.cli.logging;

import org.jspecify.annotations.NullMarked;
