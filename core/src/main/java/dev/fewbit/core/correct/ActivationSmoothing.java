package dev.fewbit.core.correct;

/**
 * Moves the difficulty of quantizing from activations to weights: G. Xiao et al., SmoothQuant (<a
 * href="https://arxiv.org/abs/2211.10438">2022</a>).
 *
 * <p>Channel j of the activation X is divided by s_j and row j of all products that read it is
 * multiplied by s_j, which leaves the products what they are:
 *
 * <pre>
 * s_j = max|X_j|^a / max|W_j|^(1 - a)
 * </pre>
 *
 * <p>With a = 0 the rows of the weights become equally large, with a = 1 the channels of the
 * activation do.
 */
public final class ActivationSmoothing {

    /** Factors are kept between this and its inverse. */
    public static final double LARGEST_FACTOR = 1 << 16;

    private ActivationSmoothing() {}

    /**
     * The factors. A common factor would change nothing, so they are normalized: their geometric
     * mean is 1, before the extremes are cut.
     *
     * @param activations largest magnitude of each channel of the activation, finite
     * @param weights largest magnitude among the weights of all readers that multiply this channel,
     *     finite
     * @param strength the exponent a, 0 to 1
     * @return s, finite and positive; 1 for a channel whose activation or weights are all zero
     */
    public static float[] factors(float[] activations, float[] weights, double strength) {
        if (activations.length != weights.length) {
            throw new IllegalArgumentException(
                    "as many channels of weights as of the activation are needed, got %d and %d"
                            .formatted(weights.length, activations.length));
        }
        if (!(strength >= 0 && strength <= 1)) {
            throw new IllegalArgumentException("the strength is from 0 to 1, got " + strength);
        }
        double[] logarithms = new double[activations.length];
        double sum = 0;
        int used = 0;
        for (int j = 0; j < logarithms.length; j++) {
            requireMagnitude(activations[j]);
            requireMagnitude(weights[j]);
            if (isUsed(activations[j], weights[j])) {
                logarithms[j] =
                        strength * StrictMath.log(activations[j])
                                - (1 - strength) * StrictMath.log(weights[j]);
                sum += logarithms[j];
                used++;
            }
        }
        float[] factors = new float[logarithms.length];
        for (int j = 0; j < factors.length; j++) {
            factors[j] =
                    isUsed(activations[j], weights[j])
                            ? limited(StrictMath.exp(logarithms[j] - sum / used))
                            : 1;
        }
        return factors;
    }

    private static boolean isUsed(float activation, float weight) {
        return activation > 0 && weight > 0;
    }

    private static float limited(double factor) {
        return (float) Math.clamp(factor, 1 / LARGEST_FACTOR, LARGEST_FACTOR);
    }

    private static void requireMagnitude(float magnitude) {
        if (!(magnitude >= 0 && magnitude <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "magnitudes are finite and not negative, got " + magnitude);
        }
    }
}
