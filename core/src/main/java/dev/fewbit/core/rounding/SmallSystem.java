package dev.fewbit.core.rounding;

/** A symmetric positive semidefinite system of a few equations. */
final class SmallSystem {

    /** What is added to the diagonal, as a share of its mean. */
    private static final double RIDGE = 1e-7;

    private SmallSystem() {}

    /**
     * The step from a point towards the minimum of {@code p^T M p - 2 r^T p}. Unknowns that M knows
     * nothing of stay.
     *
     * @param m row-major
     * @param r right side
     * @param point where to start
     * @return the new point; the old one when M is not positive semidefinite
     */
    static double[] minimize(double[] m, double[] r, double[] point) {
        int n = r.length;
        double[] factor = m.clone();
        double mean = 0;
        for (int i = 0; i < n; i++) {
            mean += m[i * n + i] / n;
        }
        double[] rest = r.clone();
        for (int i = 0; i < n; i++) {
            rest[i] -= Rows.dot(m, i * n, point, 0, n);
            factor[i * n + i] += m[i * n + i] > 0 ? RIDGE * mean : 1;
        }
        if (!Triangular.cholesky(factor, n, Workers.sequential())) {
            return point;
        }
        for (int i = 0; i < n; i++) {
            rest[i] = (rest[i] - Rows.dot(factor, i * n, rest, 0, i)) / factor[i * n + i];
        }
        for (int i = n - 1; i >= 0; i--) {
            rest[i] /= factor[i * n + i];
            Rows.subtract(rest[i], factor, i * n, rest, 0, i);
        }
        for (int i = 0; i < n; i++) {
            rest[i] += point[i];
        }
        return rest;
    }

    /** {@code p^T M p - 2 r^T p}. */
    static double cost(double[] m, double[] r, double[] point) {
        int n = r.length;
        double cost = 0;
        for (int i = 0; i < n; i++) {
            cost += point[i] * (Rows.dot(m, i * n, point, 0, n) - 2 * r[i]);
        }
        return cost;
    }
}
