package dev.fewbit.onnx.layer;

import dev.fewbit.onnx.graph.Tensor;

/**
 * Which channel every weight of a tensor belongs to. The tensor is seen as {@code [first, second,
 * rest]}. With groups, the channels along the second axis go on from group to group: a depthwise
 * kernel {@code [8, 1, 3, 3]} with 8 groups has 8 channels along axis 0 and 8 along axis 1.
 *
 * @param first size of the first axis
 * @param second size of the second axis
 * @param rest elements behind them
 * @param axis the axis of the channels, 0 or 1
 * @param groups groups that the first axis is divided into; 1 for matrices
 */
public record ChannelMap(int first, int second, int rest, int axis, int groups) {

    /** Refuses another axis, and groups that do not divide the first axis. */
    public ChannelMap {
        if (axis != 0 && axis != 1) {
            throw new IllegalArgumentException("channels lie along axis 0 or 1, got " + axis);
        }
        if (groups < 1 || first % groups != 0) {
            throw new IllegalArgumentException(
                    "an axis of " + first + " cannot be divided into " + groups + " groups");
        }
    }

    static ChannelMap of(Tensor weight, int axis, int groups) {
        long rest = 1;
        for (int i = 2; i < weight.rank(); i++) {
            rest *= weight.dimension(i);
        }
        return new ChannelMap(
                Math.toIntExact(weight.dimension(0)),
                Math.toIntExact(weight.dimension(1)),
                Math.toIntExact(rest),
                axis,
                groups);
    }

    /** Number of channels. */
    public int channels() {
        return axis == 0 ? first : second * groups;
    }

    /** The channel of the weights at these places of the first two axes. */
    public int channel(int firstIndex, int secondIndex) {
        return axis == 0 ? firstIndex : firstIndex / (first / groups) * second + secondIndex;
    }

    /** The largest magnitude in every channel. */
    public double[] magnitudes(float[] weights) {
        double[] magnitudes = new double[channels()];
        for (int i = 0, at = 0; i < first; i++) {
            for (int j = 0; j < second; j++) {
                int channel = channel(i, j);
                for (int k = 0; k < rest; k++, at++) {
                    magnitudes[channel] = Math.max(magnitudes[channel], Math.abs(weights[at]));
                }
            }
        }
        return magnitudes;
    }

    /** The weights times one factor per channel, computed in double and rounded once. */
    public float[] scaled(float[] weights, double[] factors) {
        float[] scaled = new float[weights.length];
        for (int i = 0, at = 0; i < first; i++) {
            for (int j = 0; j < second; j++) {
                double factor = factors[channel(i, j)];
                for (int k = 0; k < rest; k++, at++) {
                    scaled[at] = (float) (weights[at] * factor);
                }
            }
        }
        return scaled;
    }
}
