/**
 * Results in words and tables for people, and as JSON documents for programs.
 *
 * <p>Start from {@link dev.fewbit.cli.show.ComparisonText}. Each class turns one kind of result
 * into one kind of text and knows nothing of how it came about.
 */
@NullMarked
package dev.fewbit.cli.show;

import org.jspecify.annotations.NullMarked;
