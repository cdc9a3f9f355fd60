/**
 * {@code fewbit demo}: a real sentence-embedding model made small, and what that cost on real
 * sentences, from nothing.
 *
 * <p>Start from {@link dev.fewbit.cli.demo.DemoCommand}.
 */
@NullMarked
package dev.fewbit.cli.demo;

import org.jspecify.annotations.NullMarked;
