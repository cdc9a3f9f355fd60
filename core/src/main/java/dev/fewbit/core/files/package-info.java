/**
 * Files that are there whole or not at all.
 *
 * <p>Start from {@link dev.fewbit.core.files.ReplacedFile}.
 */
@NullMarked
package dev.fewbit.core.files;

import org.jspecify.annotations.NullMarked;
