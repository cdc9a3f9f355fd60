/**
 * What the runtime's own profile says: which kernels it ran for which nodes, and how long each
 * took.
 *
 * <p>Start from {@link dev.fewbit.runtime.profile.NodeLatencies}.
 */
@NullMarked
package dev.fewbit.runtime.profile;

import org.jspecify.annotations.NullMarked;
