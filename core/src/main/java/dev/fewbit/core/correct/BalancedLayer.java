package dev.fewbit.core.correct;

/**
 * A layer of a chain whose channels are to be balanced: what its weights between each input and
 * each output channel that they connect come to. Element e of all four arrays belongs to one such
 * connection.
 *
 * @param inputs number of input channels
 * @param outputs number of output channels
 * @param input the input channel of each connection
 * @param output the output channel of each connection
 * @param largest the largest magnitude among its weights
 * @param squares the sum of their squares
 * @param weights number of weights of a connection: the size of a convolution's kernel
 * @param rounding which weights share a scale
 * @param levels codes on the larger side of zero, 127 for 8 bits
 */
// Handed to the balancing as it is, and not changed by it.
@SuppressWarnings("ArrayRecordComponent")
public record BalancedLayer(
        int inputs,
        int outputs,
        int[] input,
        int[] output,
        float[] largest,
        double[] squares,
        int weights,
        Rounding rounding,
        int levels) {

    /** Which weights share a scale. */
    public enum Rounding {
        /** The weights stay float. */
        NONE,
        /** All. */
        TENSOR,
        /** Those of each output channel. */
        CHANNEL
    }

    /** Checks that the arrays belong together. */
    public BalancedLayer {
        int count = input.length;
        if (output.length != count || largest.length != count || squares.length != count) {
            throw new IllegalArgumentException(
                    "every connection has two channels, a magnitude and a sum, got %d, %d, %d and %d"
                            .formatted(count, output.length, largest.length, squares.length));
        }
        for (int e = 0; e < count; e++) {
            if (input[e] < 0 || input[e] >= inputs || output[e] < 0 || output[e] >= outputs) {
                throw new IllegalArgumentException(
                        "connection %d is from channel %d of %d to channel %d of %d"
                                .formatted(e, input[e], inputs, output[e], outputs));
            }
        }
    }

    /**
     * How much the noise of each input channel weighs in the outputs: the sum over the connections
     * of the weights' squares times what the output weighs.
     *
     * @param outputWeights one for each output channel
     */
    double[] backwards(double[] outputWeights) {
        double[] result = new double[inputs];
        for (int e = 0; e < input.length; e++) {
            result[input[e]] += squares[e] * outputWeights[output[e]];
        }
        return result;
    }
}
