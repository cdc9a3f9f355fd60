package dev.fewbit.core.correct;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cross-layer equalization: M. Nagel et al., Data-Free Quantization Through Weight Equalization and
 * Bias Correction (<a href="https://arxiv.org/abs/1906.04721">2019</a>).
 *
 * <p>Between two layers with nothing but an identity or a ReLU, channel i can be divided by any
 * positive s_i behind the first and multiplied in front of the second. With r1_i the largest weight
 * of output channel i of the first and r2_i that of input channel i of the second,
 *
 * <pre>
 * s_i = sqrt(r1_i r2_i) / r2_i = sqrt(r1_i / r2_i)
 * W1[i, :] /= s_i    b1[i] /= s_i    W2[:, i] *= s_i
 * </pre>
 *
 * <p>makes both ranges {@code sqrt(r1_i r2_i)}, which is best for one scale for all channels. In a
 * chain of layers a factor changes the ranges for its neighbours; going along the chain again and
 * again converges.
 */
public final class CrossLayerEqualization {

    /** Factors are kept between this and its inverse. */
    public static final double LARGEST_FACTOR = 1 << 16;

    private static final int MOST_ROUNDS = 100;

    /** Relative change of a factor in a round below which it counts as settled. */
    private static final double SETTLED = 1e-4;

    private CrossLayerEqualization() {}

    /**
     * The factors of one connection.
     *
     * @param produced range r1 of the output channels in front of it
     * @param consumed range r2 of the same channels behind it
     * @return s, one for each channel; 1 for a channel that one of the layers does not use
     */
    public static float[] factors(float[] produced, float[] consumed) {
        if (produced.length != consumed.length) {
            throw new IllegalArgumentException(
                    "as many channels are consumed as produced, got %d and %d"
                            .formatted(consumed.length, produced.length));
        }
        float[] factors = new float[produced.length];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = (float) factor(produced[i], consumed[i], 1);
        }
        return factors;
    }

    /**
     * The factors of all connections of a chain of layers.
     *
     * @param chain at least two layers, each with as many inputs as the one before has outputs
     * @return s for each connection: outputs of layer k and what belongs to them are divided by
     *     element k, inputs of layer k + 1 multiplied by it; all finite and positive
     */
    public static List<float[]> factors(List<WeightMagnitudes> chain) {
        requireChain(chain);
        int connections = chain.size() - 1;
        List<double[]> factors = new ArrayList<>();
        for (int k = 0; k < connections; k++) {
            factors.add(ones(chain.get(k).outputs()));
        }
        double[] firstInputs = ones(chain.getFirst().inputs());
        double[] lastOutputs = ones(chain.getLast().outputs());
        double change = Double.POSITIVE_INFINITY;
        for (int round = 0; round < MOST_ROUNDS && change > SETTLED; round++) {
            change = 0;
            for (int k = 0; k < connections; k++) {
                double[] before = k == 0 ? firstInputs : factors.get(k - 1);
                double[] after = k == connections - 1 ? lastOutputs : factors.get(k + 1);
                double[] produced = chain.get(k).ofOutputs(before);
                double[] consumed = chain.get(k + 1).ofInputs(after);
                change = Math.max(change, equalize(factors.get(k), produced, consumed));
            }
        }
        return factors.stream().map(CrossLayerEqualization::toFloats).toList();
    }

    /** Replaces the factors of a connection; returns the largest relative change. */
    private static double equalize(double[] factors, double[] produced, double[] consumed) {
        double change = 0;
        for (int i = 0; i < factors.length; i++) {
            // Both ranges are without the factor itself: it is found anew.
            double factor = factor(produced[i], consumed[i], factors[i]);
            change = Math.max(change, Math.abs(factor / factors[i] - 1));
            factors[i] = factor;
        }
        return change;
    }

    private static double factor(double produced, double consumed, double otherwise) {
        if (produced == 0 || consumed == 0) {
            return otherwise;
        }
        return Math.clamp(
                Math.sqrt(produced) / Math.sqrt(consumed), 1 / LARGEST_FACTOR, LARGEST_FACTOR);
    }

    private static void requireChain(List<WeightMagnitudes> chain) {
        if (chain.size() < 2) {
            throw new IllegalArgumentException(
                    "a chain has at least two layers, got " + chain.size());
        }
        for (int k = 1; k < chain.size(); k++) {
            if (chain.get(k).inputs() != chain.get(k - 1).outputs()) {
                throw new IllegalArgumentException(
                        "layer %d has %d inputs, but the one before it %d outputs"
                                .formatted(k, chain.get(k).inputs(), chain.get(k - 1).outputs()));
            }
        }
    }

    private static double[] ones(int length) {
        double[] ones = new double[length];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static float[] toFloats(double[] factors) {
        float[] floats = new float[factors.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) factors[i];
        }
        return floats;
    }
}
