/**
 * Files that are needed for a moment only.
 *
 * <p>Start from {@link dev.fewbit.runtime.files.TemporaryFolder}.
 */
@NullMarked
package dev.fewbit.runtime.files;

import org.jspecify.annotations.NullMarked;
