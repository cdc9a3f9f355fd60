/**
 * Changes of a float network that make rounding it cost less, as mathematics on arrays.
 *
 * <p>Start from {@link dev.fewbit.core.correct.ActivationSmoothing}, which finds factors for
 * channels of activations, and {@link dev.fewbit.core.correct.ChannelBalancing}, which does for
 * channels between layers; {@link dev.fewbit.core.correct.ClippedNormal} and {@link
 * dev.fewbit.core.correct.NormalChannels} know what a batch normalization says of activations
 * without any data.
 */
@NullMarked
package dev.fewbit.core.correct;

import org.jspecify.annotations.NullMarked;
