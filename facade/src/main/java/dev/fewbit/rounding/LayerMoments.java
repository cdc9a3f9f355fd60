package dev.fewbit.rounding;

import dev.fewbit.core.rounding.OutputMoments;
import dev.fewbit.core.rounding.Workers;

import java.util.List;

/**
 * Collects what layers read in the quantized network together with what they are to make of it, in
 * two halves that can judge each other.
 */
final class LayerMoments {
    private final LayerBundle bundle;
    private final MomentFold even;
    private final MomentFold odd;
    private int samples;

    /**
     * Moments of nothing.
     *
     * @param bundle layers that read the same
     * @param samples how many will be added
     */
    LayerMoments(LayerBundle bundle, int samples) {
        this.bundle = bundle;
        this.even = new MomentFold(bundle, samples);
        this.odd = new MomentFold(bundle, samples);
    }

    /**
     * Adds a sample.
     *
     * @param input what the layers read
     * @param shape its dimensions
     * @param targets what each of them is to make
     */
    void add(float[] input, long[] shape, List<float[]> targets, Workers workers) {
        (samples++ % 2 == 0 ? even : odd).add(input, shape, targets, workers);
    }

    /** Groups of a convolution; 1 for others. */
    int groups() {
        return bundle.first().layer().outputChannels().groups();
    }

    /** Rows of inputs so far, in each group. */
    long count() {
        return even.count() + (odd.isEmpty() ? 0 : odd.count());
    }

    /** The moments of a group, once: what they were collected in is given up. */
    FoldedMoments take(int group) {
        OutputMoments first = even.take(group);
        return odd.isEmpty()
                ? new FoldedMoments(first, first, 1)
                : new FoldedMoments(first, odd.take(group), (double) even.count() / count());
    }
}
