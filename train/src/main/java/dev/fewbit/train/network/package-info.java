/**
 * A network whose weights and activations are rounded while it is trained, and what becomes of it.
 */
@NullMarked
package dev.fewbit.train.network;

import org.jspecify.annotations.NullMarked;
