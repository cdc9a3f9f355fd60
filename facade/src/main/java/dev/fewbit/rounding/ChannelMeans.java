package dev.fewbit.rounding;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects by how much the means of a layer's output channels are off. */
final class ChannelMeans {
    /** Below this many values a mean says more about the samples than about rounding. */
    private static final long FEWEST_VALUES = 16;

    private final LayerSite site;
    private final double[] differences;
    private long count;

    ChannelMeans(LayerSite site) {
        this.site = site;
        this.differences = new double[site.layer().outputChannels().channels()];
    }

    /**
     * Adds a sample.
     *
     * @param expected what the layer makes in the float network
     * @param actual what it makes in the quantized one
     * @param shape dimensions of both
     */
    void add(float[] expected, float[] actual, long[] shape) {
        int channels = differences.length;
        int inner = 1;
        if (!site.isProduct()) {
            for (int axis = 2; axis < shape.length; axis++) {
                inner *= (int) shape[axis];
            }
        }
        for (int i = 0; i < expected.length; i++) {
            differences[i / inner % channels] += (double) expected[i] - actual[i];
        }
        count += expected.length / channels;
    }

    /** What gives the channels their means; empty if there were too few values. */
    Optional<List<Float>> shift() {
        if (count < FEWEST_VALUES) {
            return Optional.empty();
        }
        List<Float> shift = new ArrayList<>();
        for (double difference : differences) {
            shift.add((float) (difference / count));
        }
        return Optional.of(shift);
    }
}
