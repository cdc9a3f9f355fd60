package dev.fewbit.onnx.prepare;

import dev.fewbit.onnx.layer.LinearLayer;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Between which factors the output channels of a layer may be divided.
 *
 * @param least one for each channel
 * @param most one for each channel, not below {@code least}
 */
// Handed from one class of this package to another, and never changed.
@SuppressWarnings("ArrayRecordComponent")
record ChannelLimits(double[] least, double[] most) {

    /** What Clip to [0, 6] keeps its input below. */
    private static final double SIX = 6;

    /**
     * Limits of a layer: the bias of a channel does not become larger than the largest bias was. A
     * channel with hardly any weights and a bias would otherwise stretch the range of all
     * activations.
     */
    static ChannelLimits ofBias(LinearLayer layer) {
        double[] bias = layer.bias();
        double largest = Arrays.stream(bias).map(Math::abs).max().orElse(0);
        double[] least = new double[bias.length];
        double[] most = new double[bias.length];
        for (int channel = 0; channel < bias.length; channel++) {
            least[channel] = bias[channel] == 0 ? 0 : Math.abs(bias[channel]) / largest;
            most[channel] = Double.POSITIVE_INFINITY;
        }
        return new ChannelLimits(least, most);
    }

    /**
     * The same when a Clip to [0, 6] is behind the layer: a channel that never exceeds 6 may be
     * divided as long as it still does not, all others stay.
     *
     * @param largest the largest value of each channel; null when it is not known
     */
    ChannelLimits underClip(double @Nullable [] largest) {
        double[] newLeast = least.clone();
        double[] newMost = most.clone();
        for (int channel = 0; channel < newLeast.length; channel++) {
            double reached = largest == null ? Double.POSITIVE_INFINITY : largest[channel];
            boolean free = reached <= SIX;
            newLeast[channel] = free ? Math.max(least[channel], reached / SIX) : 1;
            newMost[channel] = free ? most[channel] : 1;
        }
        return new ChannelLimits(newLeast, newMost);
    }

    /**
     * The factor nearest to the one wanted.
     *
     * @param so the factor that the channel has been divided by so far
     */
    double allowed(int channel, double so, double wanted) {
        double total = Math.clamp(so * wanted, least[channel], most[channel]);
        return total / so;
    }
}
