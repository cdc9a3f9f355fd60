package dev.fewbit.core.plan;

import java.util.List;

/**
 * A change of the prepared float graph's constants, found with the help of data, that makes the
 * quantized network better.
 */
public sealed interface Correction {

    /** Why, as a sentence for a person. */
    String reason();

    /**
     * Multiplies channels of some constants and divides the same channels of others, so that the
     * float network computes the same: SmoothQuant (<a href="https://arxiv.org/abs/2211.10438">Xiao
     * et al.</a>).
     *
     * @param value the activation whose channels are divided by the factors; for people
     * @param divided constants whose channels are divided by the factors
     * @param multiplied constants whose channels are multiplied by the factors
     * @param factors one for each channel, finite and positive
     */
    record ChannelScaling(
            String value,
            List<ChannelAxis> divided,
            List<ChannelAxis> multiplied,
            List<Float> factors,
            String reason)
            implements Correction {

        /** Copies the lists and checks the factors. */
        public ChannelScaling {
            divided = List.copyOf(divided);
            multiplied = List.copyOf(multiplied);
            factors = List.copyOf(factors);
            for (float factor : factors) {
                if (!(factor > 0 && factor <= Float.MAX_VALUE)) {
                    throw new IllegalArgumentException(
                            "channels are scaled by finite positive factors, got "
                                    + factor
                                    + " for "
                                    + value);
                }
            }
        }
    }

    /**
     * Adds to the output channels of a node, by way of its bias: bias correction (<a
     * href="https://arxiv.org/abs/1906.04721">Nagel et al.</a>).
     *
     * @param node label of the node, a convolution or a matrix product
     * @param shift one for each output channel, finite
     */
    record BiasShift(String node, List<Float> shift, String reason) implements Correction {

        /** Copies the list and checks the values. */
        public BiasShift {
            shift = List.copyOf(shift);
            for (float each : shift) {
                if (!Float.isFinite(each)) {
                    throw new IllegalArgumentException(
                            "a bias is shifted by finite numbers, got " + each + " for " + node);
                }
            }
        }
    }

    /**
     * Where the channels of a constant are.
     *
     * @param tensor name of the constant
     * @param axis axis of the channels, from 0; along it the constant has as many elements as there
     *     are factors
     */
    record ChannelAxis(String tensor, int axis) {}
}
