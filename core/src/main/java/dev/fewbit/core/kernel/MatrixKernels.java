package dev.fewbit.core.kernel;

import java.util.Optional;

/**
 * The loops that linear algebra spends its time in: products of dense matrices.
 *
 * <p>All implementations give the same bits. Every element of a result is computed by itself, its
 * terms are taken in the order of their index, and there is no fused multiply-add; so neither the
 * width of a vector nor the cutting of a matrix into pieces can show.
 *
 * <p>Matrices are parts of arrays, row-major with a stride. Implementations have no state and may
 * be shared by threads. All throw {@link IndexOutOfBoundsException} when an array is too short.
 */
public interface MatrixKernels {

    /** Rows and columns of a tile of {@link #addProducts}. */
    int TILE = 16;

    /** Most rows that {@link #addProducts} takes, so that sums of floats stay short. */
    int MOST_SAMPLES = 256;

    /**
     * The kernels to use: fast from the start, and the fastest this JVM has when there is much to
     * do.
     */
    static MatrixKernels best() {
        return KernelChoice.BEST_MATRIX;
    }

    /** The kernels of the Vector API, if this JVM has it; slow until they are compiled. */
    static Optional<MatrixKernels> vector() {
        return KernelChoice.vectorMatrix();
    }

    /** The specification: plain loops. */
    static MatrixKernels scalar() {
        return ScalarMatrixKernels.INSTANCE;
    }

    /** For people: {@code scalar}, or for example {@code vector 512 bits}. */
    String name();

    /**
     * Subtracts a product: {@code C -= A B}, term after term.
     *
     * @param a {@code rows x depth}
     * @param b {@code depth x columns}
     * @param c {@code rows x columns}; has no element in common with A and B
     */
    void subtractProduct(
            double[] a,
            int aFrom,
            int aStride,
            double[] b,
            int bFrom,
            int bStride,
            double[] c,
            int cFrom,
            int cStride,
            int rows,
            int depth,
            int columns);

    /**
     * Adds products of samples to a tile: {@code sums[i, j] += sum over s of left[s, i] right[s,
     * j]}. The sum over the samples is one of floats; it is then added to the double.
     *
     * @param left {@link #TILE} floats of every sample without gaps
     * @param right {@link #TILE} floats of every sample without gaps
     * @param samples at most {@link #MOST_SAMPLES}
     * @param sums a tile of {@link #TILE} rows of {@link #TILE} doubles, {@code stride} apart
     */
    void addProducts(
            float[] left,
            int leftFrom,
            float[] right,
            int rightFrom,
            int samples,
            double[] sums,
            int at,
            int stride);
}
