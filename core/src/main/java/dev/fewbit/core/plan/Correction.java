package dev.fewbit.core.plan;

import java.util.List;

/**
 * A change of the prepared float graph, found with the help of data, that makes the quantized
 * network better. {@link ChannelScaling} leaves the float network what it computes; the others make
 * up for what rounding does to other layers.
 */
public sealed interface Correction {

    /** Why, as a sentence for a person. */
    String reason();

    /**
     * Divides the channels of a value by factors and makes up for it, so that the float network
     * computes the same: SmoothQuant (<a href="https://arxiv.org/abs/2211.10438">Xiao et al.</a>)
     * and the like.
     *
     * <ul>
     *   <li>Constants in front of the value are divided and those behind it multiplied: no node is
     *       added.
     *   <li>Nothing is divided: a {@code Mul} by the inverse factors is put behind the value. It is
     *       read by the nodes that read the multiplied constants; all others see the value as it
     *       was.
     *   <li>Nothing is multiplied: a {@code Mul} by the factors is put behind the node that makes
     *       the value. It makes the value from then on, under its name and with its old content;
     *       what the node makes gets a fresh name.
     * </ul>
     *
     * @param value the activation whose channels are divided by the factors
     * @param divided constants whose channels are divided by the factors; may be empty
     * @param multiplied constants whose channels are multiplied by the factors; may be empty if
     *     something is divided
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
            if (divided.isEmpty() && multiplied.isEmpty()) {
                throw new IllegalArgumentException(
                        "scaling the channels of '"
                                + value
                                + "' divides or multiplies one constant at least, got none");
            }
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
     * Multiplies the weights of a node's input channels: where a channel comes too large or too
     * small from the rounded layers before, on average over its values, the node takes it smaller
     * or larger.
     *
     * @param node label of the node, a convolution or a matrix product
     * @param factors one for each input channel, finite and positive
     */
    record ChannelGain(String node, List<Float> factors, String reason) implements Correction {

        /** Copies the list and checks the factors. */
        public ChannelGain {
            factors = List.copyOf(factors);
            for (float factor : factors) {
                if (!(factor > 0 && factor <= Float.MAX_VALUE)) {
                    throw new IllegalArgumentException(
                            "channels are multiplied by finite positive factors, got "
                                    + factor
                                    + " for "
                                    + node);
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
