package dev.fewbit.core.correct;

/**
 * The channels between two layers of a chain, as they were measured behind the activation function
 * in between; one element for each channel.
 *
 * @param largest largest magnitude
 * @param variances variance of the values
 * @param passing share of the values at which the activation function passes changes on, 0 to 1: a
 *     Relu does above zero, a Clip between its bounds
 * @param least what the channel may be multiplied by at least, above 0
 * @param most what the channel may be multiplied by at most
 * @param averaged what is left of the power of noise that differs from value to value, 0 to 1: less
 *     than 1 where the second layer reads averages
 * @param levels levels of the quantized values, 255 for 8 bits; 0 where they stay float
 */
// Handed to the balancing as it is, and not changed by it.
@SuppressWarnings("ArrayRecordComponent")
public record BalancedChannels(
        double[] largest,
        double[] variances,
        double[] passing,
        double[] least,
        double[] most,
        double averaged,
        int levels) {

    /** Checks that the arrays belong together. */
    public BalancedChannels {
        int count = largest.length;
        if (variances.length != count
                || passing.length != count
                || least.length != count
                || most.length != count) {
            throw new IllegalArgumentException(
                    "every channel has its figures, got %d, %d, %d, %d and %d"
                            .formatted(
                                    count,
                                    variances.length,
                                    passing.length,
                                    least.length,
                                    most.length));
        }
        for (int channel = 0; channel < count; channel++) {
            if (!(least[channel] > 0 && least[channel] <= most[channel])) {
                throw new IllegalArgumentException(
                        "channel %d may be multiplied by %s to %s, which is no range of positive numbers"
                                .formatted(channel, least[channel], most[channel]));
            }
        }
    }

    /** Number of channels. */
    public int count() {
        return largest.length;
    }
}
