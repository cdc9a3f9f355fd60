package dev.fewbit.rounding;

import dev.fewbit.core.rounding.GramMatrix;
import dev.fewbit.core.rounding.Hessian;
import dev.fewbit.core.rounding.Workers;

/**
 * Collects the second moments of a value's channels, which lie along its last axis, and their mean
 * magnitudes.
 */
final class InputMoments {
    private final GramMatrix gram;
    private final double[] sums;

    InputMoments(int channels) {
        this.gram = new GramMatrix(channels);
        this.sums = new double[channels];
    }

    /** Adds a sample's value. */
    void add(float[] value, Workers workers) {
        int channels = sums.length;
        gram.add(value, 0, value.length / channels, workers);
        for (int i = 0; i < value.length; i++) {
            sums[i % channels] += Math.abs(value[i]);
        }
    }

    /** Mean of {@code x x^T}. */
    Hessian hessian() {
        return gram.hessian();
    }

    /** Mean of {@code |x|}. */
    double[] magnitudes() {
        double[] means = new double[sums.length];
        for (int channel = 0; channel < means.length; channel++) {
            means[channel] = sums[channel] / gram.count();
        }
        return means;
    }
}
