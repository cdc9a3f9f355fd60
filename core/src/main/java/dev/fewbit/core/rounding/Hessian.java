package dev.fewbit.core.rounding;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * What an error of weights costs: {@code (w - v) H (w - v)^T} is the expected squared error of an
 * output whose weights w became v, if H is the expectation of {@code x x^T} over its inputs x.
 *
 * <p>A symmetric matrix, positive semidefinite. Immutable. Takes {@code 8 width^2} bytes, and as
 * many again once {@link Gptq} has asked for its inverse: a layer that is rounded to one format
 * after the other needs it each time.
 */
public final class Hessian {

    private final int width;
    private final double[] values;
    private @Nullable Inverted factor;
    private @Nullable Inverted pivots;

    /** Takes the array. */
    Hessian(int width, double[] values) {
        this.width = width;
        this.values = values;
    }

    /**
     * From all its elements.
     *
     * @param values {@code width * width} finite numbers, row-major, symmetric
     */
    public static Hessian of(double[] values, int width) {
        if (values.length != (long) width * width) {
            throw new IllegalArgumentException(
                    "%d x %d elements are needed, got %d".formatted(width, width, values.length));
        }
        for (int i = 0; i < width; i++) {
            for (int j = 0; j <= i; j++) {
                double one = values[i * width + j];
                if (!Double.isFinite(one) || one != values[j * width + i]) {
                    throw new IllegalArgumentException(
                            "the matrix is finite and symmetric, got %s and %s at (%d, %d)"
                                    .formatted(one, values[j * width + i], i, j));
                }
            }
            if (values[i * width + i] < 0) {
                throw new IllegalArgumentException(
                        "a diagonal is not negative, got %s at %d"
                                .formatted(values[i * width + i], i));
            }
        }
        return new Hessian(width, values.clone());
    }

    /** The matrix with nothing but a diagonal: inputs that have nothing to do with each other. */
    public static Hessian ofDiagonal(double[] diagonal) {
        int width = diagonal.length;
        double[] values = new double[Math.multiplyExact(width, width)];
        for (int i = 0; i < width; i++) {
            values[i * width + i] = diagonal[i];
        }
        return of(values, width);
    }

    /** The plain squared error of the weights. */
    public static Hessian identity(int width) {
        double[] ones = new double[width];
        Arrays.fill(ones, 1);
        return ofDiagonal(ones);
    }

    /** Number of inputs. */
    public int width() {
        return width;
    }

    /** One element. */
    public double get(int row, int column) {
        return values[row * width + column];
    }

    /** The diagonal; a copy. */
    public double[] diagonal() {
        double[] diagonal = new double[width];
        for (int i = 0; i < width; i++) {
            diagonal[i] = values[i * width + i];
        }
        return diagonal;
    }

    /** Mean of the diagonal. */
    public double diagonalMean() {
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += values[i * width + i];
        }
        return sum / width;
    }

    /**
     * With a share of the mean of the diagonal added to the diagonal, which is what little data
     * calls for: few samples make correlations up.
     *
     * @param share for example 0.01; not negative
     */
    public Hessian damped(double share) {
        requireShare(share);
        double[] sum = values.clone();
        double more = share * diagonalMean();
        for (int i = 0; i < width; i++) {
            sum[i * width + i] += more;
        }
        return new Hessian(width, sum);
    }

    /** Something of the inverse of the matrix with some damping. */
    private static final class Inverted {
        private final double share;
        private final double[] values;

        Inverted(double share, double[] values) {
            this.share = share;
            this.values = values;
        }
    }

    /**
     * The factor of the inverse with the largest inputs first, found once; not to be changed.
     *
     * @see InverseFactor#of
     */
    synchronized double[] descendingFactor(int[] order, double share, Workers workers) {
        Inverted known = factor;
        if (known == null || known.share != share) {
            known = new Inverted(share, InverseFactor.of(this, order, share, workers));
            factor = known;
        }
        return known.values;
    }

    /**
     * What an error of each weight costs when those of all others make up for it as well as they
     * can: the inverse of the diagonal of the inverse of {@link #damped}.
     *
     * @param share damping, as in {@link #damped}; more where the matrix is singular with that
     * @throws IllegalArgumentException if the matrix is not positive semidefinite
     */
    public synchronized double[] pivots(double share, Workers workers) {
        Inverted known = pivots;
        if (known == null || known.share != share) {
            known = new Inverted(share, findPivots(share, workers));
            pivots = known;
        }
        return known.values.clone();
    }

    private double[] findPivots(double share, Workers workers) {
        int n = width;
        double[] inverse = InverseFactor.of(this, ColumnOrder.natural(this), share, workers);
        double[] found = new double[n];
        for (int k = 0; k < n; k++) {
            for (int i = k; i < n; i++) {
                found[i] += inverse[k * n + i] * inverse[k * n + i];
            }
        }
        double unknown = share * diagonalMean();
        for (int i = 0; i < n; i++) {
            // Inputs that never were anything but zero have nothing but the damping.
            found[i] = values[i * n + i] == 0 ? unknown : 1 / found[i];
        }
        return found;
    }

    static void requireShare(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "damping is a share from 0 to 1 of the mean of the diagonal, got " + share);
        }
    }

    /** The array itself, row-major. */
    double[] values() {
        return values;
    }
}
