package dev.fewbit.core.rounding;

/**
 * The upper Cholesky factor U of a damped inverse, {@code (H + damping)^-1 = U^T U}.
 *
 * <p>The inverse itself is never made: with the order of the inputs reversed, {@code H = L L^T} is
 * a product of an upper and a lower factor, and U is the inverse of the upper one. That takes a
 * third of the multiplications.
 */
final class InverseFactor {

    /** Damping is made ten times as much at most so often. */
    private static final int ATTEMPTS = 4;

    private InverseFactor() {}

    /**
     * Computes the factor. An input that never was anything but zero gets a row and a column of the
     * identity: nothing is known of it, so it is left alone.
     *
     * @param order which input stands at each place
     * @param share damping as a share of the mean of the diagonal; ten times as much and more if
     *     the matrix is singular with that
     * @return U, row-major
     */
    static double[] of(Hessian h, int[] order, double share, Workers workers) {
        Hessian.requireShare(share);
        int n = h.width();
        double mean = h.diagonalMean();
        double damping = share;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            double[] reversed = reversed(h, order, damping * mean);
            if (Triangular.cholesky(reversed, n, workers)) {
                double[] inverse = Triangular.invert(reversed, n, workers);
                // Element (i, j) goes to (n - 1 - i, n - 1 - j): the array backwards.
                for (int i = 0, j = inverse.length - 1; i < j; i++, j--) {
                    double swapped = inverse[i];
                    inverse[i] = inverse[j];
                    inverse[j] = swapped;
                }
                return inverse;
            }
            damping = damping == 0 ? 1e-6 : damping * 10;
        }
        throw new IllegalArgumentException(
                ("the second moments of the inputs are not positive semidefinite: with %s of their"
                     + " mean added to the diagonal they have no Cholesky factor; collect them from"
                     + " more samples")
                        .formatted(damping / 10));
    }

    private static double[] reversed(Hessian h, int[] order, double damping) {
        int n = h.width();
        double[] values = h.values();
        double[] reversed = new double[n * n];
        for (int i = 0; i < n; i++) {
            int row = order[n - 1 - i] * n;
            for (int j = 0; j < n; j++) {
                reversed[i * n + j] = values[row + order[n - 1 - j]];
            }
            if (reversed[i * n + i] == 0) {
                reversed[i * n + i] = 1;
            } else {
                reversed[i * n + i] += damping;
            }
        }
        return reversed;
    }
}
