package dev.fewbit.core.rounding;

/** Second moments about the mean from those about zero. */
final class Centering {

    /** What rounding may leave of a variance, as a share of the mean square: 256 sums of floats. */
    private static final double ROUNDING = 0x1p-16;

    private Centering() {}

    /**
     * Subtracts {@code mean mean^T} in place. Rows and columns of inputs that do not vary become
     * zero, since what is left of them is rounding of either sign.
     *
     * @param moments square, row-major
     */
    static double[] center(double[] moments, double[] mean) {
        int width = mean.length;
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < width; j++) {
                moments[i * width + j] -= mean[i] * mean[j];
            }
        }
        for (int i = 0; i < width; i++) {
            if (moments[i * width + i] <= ROUNDING * mean[i] * mean[i]) {
                for (int j = 0; j < width; j++) {
                    moments[i * width + j] = 0;
                    moments[j * width + i] = 0;
                }
            }
        }
        return moments;
    }
}
