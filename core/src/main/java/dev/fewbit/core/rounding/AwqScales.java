package dev.fewbit.core.rounding;

import java.util.Arrays;
import java.util.List;

/**
 * Activation-aware weight scales: J. Lin et al., <a
 * href="https://arxiv.org/abs/2306.00978">AWQ</a>, 2023.
 *
 * <p>Columns that meet large inputs are made larger before rounding, so that they are rounded more
 * finely, and the inputs are divided by the same factors, which leaves the products what they are:
 *
 * <pre>
 * s_j = m_j^r / sqrt(max(m^r) min(m^r)),   m_j = E|x_j|
 * </pre>
 *
 * <p>The exponent r is the one of 0, 0.05, ... 0.95 with the least error. With r = 0 nothing
 * changes, so the result is never worse than without. Whoever uses the factors multiplies the
 * columns by them and divides the inputs, for example in the layer before.
 */
public final class AwqScales {

    private static final int STEPS = 20;

    private AwqScales() {}

    /** What was found. */
    public static final class Found {
        private final double exponent;
        private final float[] factors;
        private final double error;
        private final double errorWithout;

        Found(double exponent, float[] factors, double error, double errorWithout) {
            this.exponent = exponent;
            this.factors = factors;
            this.error = error;
            this.errorWithout = errorWithout;
        }

        /** The exponent r. */
        public double exponent() {
            return exponent;
        }

        /** The factors s, by which columns are multiplied and inputs divided; a copy. */
        public float[] factors() {
            return factors.clone();
        }

        /** Error of the rounded weights of all layers, as {@link WeightedError} has it. */
        public double error() {
            return error;
        }

        /** The same without factors. */
        public double errorWithout() {
            return errorWithout;
        }
    }

    /** Finds levels for weights that have been multiplied. */
    @FunctionalInterface
    public interface Fit {
        /**
         * Levels.
         *
         * @param scaled the weights times the factors
         * @param factors one for each column: what the inputs are divided by
         */
        RoundingGrid fit(WeightMatrix scaled, float[] factors);
    }

    /**
     * A layer that reads the inputs.
     *
     * @param weights as they are
     * @param fit finds levels for them with factors
     */
    public record Layer(WeightMatrix weights, Fit fit) {}

    /**
     * Searches the exponent.
     *
     * @param layers all that read these inputs
     * @param magnitudes mean magnitude of each input, finite and not negative; zeros count as the
     *     least of the others
     * @param h moments of the inputs, or {@link Hessian#ofDiagonal} of their mean squares
     */
    public static Found search(
            List<Layer> layers, double[] magnitudes, Hessian h, Workers workers) {
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("at least one layer reads the inputs");
        }
        if (magnitudes.length != h.width()) {
            throw new IllegalArgumentException(
                    "%d inputs need as many magnitudes, got %d"
                            .formatted(h.width(), magnitudes.length));
        }
        double bestExponent = 0;
        float[] bestFactors = factors(magnitudes, 0);
        double without = error(layers, bestFactors, h, workers);
        double least = without;
        for (int step = 1; step < STEPS; step++) {
            double exponent = (double) step / STEPS;
            float[] factors = factors(magnitudes, exponent);
            double error = error(layers, factors, h, workers);
            if (error < least) {
                bestExponent = exponent;
                bestFactors = factors;
                least = error;
            }
        }
        return new Found(bestExponent, bestFactors, least, without);
    }

    private static double error(List<Layer> layers, float[] factors, Hessian h, Workers workers) {
        double error = 0;
        for (Layer layer : layers) {
            error += error(layer, factors, h, workers);
        }
        return error;
    }

    /** The factors for an exponent. */
    static float[] factors(double[] magnitudes, double exponent) {
        double least = Double.POSITIVE_INFINITY;
        for (double magnitude : magnitudes) {
            if (!(magnitude >= 0 && magnitude < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "magnitudes are finite and not negative, got " + magnitude);
            }
            least = magnitude > 0 ? Math.min(least, magnitude) : least;
        }
        float[] factors = new float[magnitudes.length];
        if (exponent == 0 || least == Double.POSITIVE_INFINITY) {
            Arrays.fill(factors, 1);
            return factors;
        }
        double[] powers = new double[magnitudes.length];
        double smallest = Double.POSITIVE_INFINITY;
        double largest = 0;
        for (int i = 0; i < powers.length; i++) {
            powers[i] = StrictMath.pow(Math.max(least, magnitudes[i]), exponent);
            smallest = Math.min(smallest, powers[i]);
            largest = Math.max(largest, powers[i]);
        }
        double middle = Math.sqrt(smallest) * Math.sqrt(largest);
        for (int i = 0; i < factors.length; i++) {
            factors[i] = (float) (powers[i] / middle);
        }
        return factors;
    }

    private static double error(Layer layer, float[] factors, Hessian h, Workers workers) {
        WeightMatrix scaled = layer.weights().timesColumns(factors);
        float[] values =
                RoundedMatrix.nearest(scaled, layer.fit().fit(scaled, factors)).dequantize();
        int columns = scaled.columns();
        for (int i = 0; i < values.length; i++) {
            values[i] /= factors[i % columns];
        }
        WeightMatrix back = new WeightMatrix(values, scaled.rows(), columns);
        return WeightedError.of(layer.weights(), back, h, workers);
    }
}
