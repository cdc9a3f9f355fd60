package dev.fewbit.core.quantize;

import dev.fewbit.core.format.Affine;

/**
 * What a scalar quantizer can reach on samples of a known density with variance 1.
 *
 * <p>The published optimum of a uniform grid (Max 1960; Jayant and Noll 1984) is for levels that
 * lie symmetrically around zero, half a step away from it. An affine format has a level at zero,
 * which costs a level on one side; its optimum is found here by numerical integration.
 */
enum ScalarQuantizationLimits {
    GAUSSIAN(9.25, 14.27, 19.38, 24.57, 29.83, Double.NaN, 40.57) {
        @Override
        double density(double x) {
            return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
        }
    },
    LAPLACIAN(7.07, 11.44, 15.96, 20.60, 25.36, Double.NaN, 35.21) {
        @Override
        double density(double x) {
            return Math.exp(-Math.abs(x) * Math.sqrt(2)) / Math.sqrt(2);
        }
    };

    /** Beyond this both densities are below 1e-12. */
    private static final double END = 20;

    private static final int POINTS = 100_000;

    @SuppressWarnings("ImmutableEnumChecker") // Never written after construction.
    private final double[] bestUniform;

    ScalarQuantizationLimits(double... bestUniform) {
        this.bestUniform = bestUniform;
    }

    abstract double density(double x);

    /**
     * Ratio in dB of the best uniform grid, with no level at zero; NaN where none was published.
     *
     * @param bits 2 to 8
     */
    double bestUniform(int bits) {
        return bestUniform[bits - 2];
    }

    /** Mean squared error of a symmetric affine format, by the midpoint rule. */
    double distortion(double scale, Affine format) {
        double step = 2 * END / POINTS;
        double sum = 0;
        for (int i = 0; i < POINTS; i++) {
            double x = -END + (i + 0.5) * step;
            double code = Math.clamp(Math.rint(x / scale), format.qmin(), format.qmax());
            double error = x - code * scale;
            sum += error * error * density(x);
        }
        return sum * step;
    }

    /** The scale with the least {@link #distortion}, which has one minimum: golden section. */
    double bestScale(Affine format) {
        double golden = (Math.sqrt(5) - 1) / 2;
        double low = 1.0 / format.levels();
        double high = 30.0 / format.levels();
        while (high / low > 1.0005) {
            double left = high - golden * (high - low);
            double right = low + golden * (high - low);
            if (distortion(left, format) < distortion(right, format)) {
                high = right;
            } else {
                low = left;
            }
        }
        return (low + high) / 2;
    }
}
