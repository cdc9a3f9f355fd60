package dev.fewbit.core.kernel;

import dev.fewbit.core.affine.AffineMapping;
import dev.fewbit.core.format.Affine;

import java.util.Optional;

/**
 * The loops that quantization spends its time in.
 *
 * <p>All implementations give the same bits. Where one element becomes one element the result is
 * what {@link AffineMapping} says. A sum of floats depends on its order, so the order is part of
 * the contract: element i of a row goes to partial sum i mod {@link #LANES}; a partial sum is a
 * float for at most {@link #CHUNK_ROWS} additions at a time and is then added to a double. Any
 * vector width that divides {@link #LANES} can keep that order.
 *
 * <p>A <em>row</em> is a run of adjacent elements with one scale and zero point. <em>Columns</em>
 * are a matrix of {@code depth} rows by {@code columns}, row-major with {@code stride} floats from
 * one row to the next, with a scale and zero point for every column; their codes are dense. A
 * <em>tile</em> is {@code rows} rows of {@link #LANES} columns without gaps.
 *
 * <p>Values are finite: the range functions detect the others, and nothing else looks. Codes of 1
 * to 8 bits are bytes, unsigned codes above 127 included; codes of 9 to 16 bits are shorts.
 * Implementations have no state and may be shared by threads. All throw {@link
 * IndexOutOfBoundsException} when an array is too short.
 */
public interface AffineKernels {

    /** Partial sums of a row, and columns of a tile. */
    int LANES = 16;

    /** Additions in single precision before a partial sum moves on to double precision. */
    int CHUNK_ROWS = 256;

    /**
     * The kernels to use: fast from the start, and the fastest this JVM has when there is much to
     * do.
     */
    static AffineKernels best() {
        return KernelChoice.BEST;
    }

    /**
     * The kernels of the Vector API, if this JVM has it. They take long to warm up, which {@link
     * #best()} avoids.
     */
    static Optional<AffineKernels> vector() {
        return KernelChoice.vector();
    }

    /** The specification: plain loops. */
    static AffineKernels scalar() {
        return ScalarKernels.INSTANCE;
    }

    /**
     * Where the first NaN or infinite value is.
     *
     * @return its distance from {@code from}, or -1 when all values are finite
     */
    static int firstNonFinite(float[] values, int from, int count) {
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(values[from + i])) {
                return i;
            }
        }
        return -1;
    }

    /** For people: {@code scalar}, or for example {@code vector 512 bits}. */
    String name();

    /**
     * Smallest and largest value of a row, both NaN when a value is not finite. Zeros are positive.
     *
     * @param count at least 1
     * @param minima receives the smallest value at index {@code at}
     * @param maxima receives the largest value at index {@code at}
     */
    void rangeRow(float[] values, int from, int count, float[] minima, float[] maxima, int at);

    /** {@link #rangeRow} of every column; results from index {@code at} on. */
    void rangeColumns(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            float[] minima,
            float[] maxima,
            int at);

    /** Codes of a row, 1 to 8 bits. */
    void quantizeRow(
            float[] values,
            int from,
            int count,
            float scale,
            int zeroPoint,
            Affine format,
            byte[] codes,
            int at);

    /** Codes of a row, 1 to 16 bits. */
    void quantizeRow(
            float[] values,
            int from,
            int count,
            float scale,
            int zeroPoint,
            Affine format,
            short[] codes,
            int at);

    /**
     * Codes of columns, 1 to 8 bits.
     *
     * @param parametersAt index of the first column's scale and zero point
     * @param codes receives {@code depth * columns} codes, row-major, from index {@code at} on
     */
    void quantizeColumns(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            byte[] codes,
            int at);

    /** Codes of columns, 1 to 16 bits. */
    void quantizeColumns(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            short[] codes,
            int at);

    /** Values of a row of codes. The compiler makes vector code of this loop by itself. */
    default void dequantizeRow(
            byte[] codes,
            int from,
            int count,
            float scale,
            int zeroPoint,
            Affine format,
            float[] values,
            int at) {
        int mask = format.signed() ? -1 : 0xFF;
        for (int i = 0; i < count; i++) {
            values[at + i] = AffineMapping.dequantize(codes[from + i] & mask, scale, zeroPoint);
        }
    }

    /** Values of a row of codes. */
    default void dequantizeRow(
            short[] codes,
            int from,
            int count,
            float scale,
            int zeroPoint,
            Affine format,
            float[] values,
            int at) {
        int mask = format.signed() ? -1 : 0xFFFF;
        for (int i = 0; i < count; i++) {
            values[at + i] = AffineMapping.dequantize(codes[from + i] & mask, scale, zeroPoint);
        }
    }

    /**
     * Values of dense columns of codes.
     *
     * @param values receives row r of the result from index {@code at + r * stride} on
     */
    default void dequantizeColumns(
            byte[] codes,
            int from,
            int depth,
            int columns,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            float[] values,
            int at,
            int stride) {
        int mask = format.signed() ? -1 : 0xFF;
        for (int r = 0; r < depth; r++) {
            for (int c = 0; c < columns; c++) {
                int p = parametersAt + c;
                int code = codes[from + r * columns + c] & mask;
                values[at + r * stride + c] =
                        AffineMapping.dequantize(code, scales[p], zeroPoints[p]);
            }
        }
    }

    /** Values of dense columns of codes. */
    default void dequantizeColumns(
            short[] codes,
            int from,
            int depth,
            int columns,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            float[] values,
            int at,
            int stride) {
        int mask = format.signed() ? -1 : 0xFFFF;
        for (int r = 0; r < depth; r++) {
            for (int c = 0; c < columns; c++) {
                int p = parametersAt + c;
                int code = codes[from + r * columns + c] & mask;
                values[at + r * stride + c] =
                        AffineMapping.dequantize(code, scales[p], zeroPoints[p]);
            }
        }
    }

    /** Adds what quantizing a row costs to the sums. */
    void measureRow(
            float[] values,
            int from,
            int count,
            float scale,
            int zeroPoint,
            Affine format,
            ErrorSums sums);

    /** Adds what quantizing columns costs to the sums; column c goes to lane c mod 16. */
    void measureColumns(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            ErrorSums sums);

    /** Squared error of quantizing a row. */
    double errorRow(float[] values, int from, int count, float scale, int zeroPoint, Affine format);

    /** Squared error of quantizing each column, summed from top to bottom. */
    void errorColumns(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            double[] errors,
            int at);

    /**
     * Adds the squared error of each column of a tile to {@code errors}, for a search: values are
     * multiplied by {@code 1 / scale} instead of divided by the scale, which is much faster and may
     * round a tie differently from {@link #errorColumns}.
     */
    void searchErrors(
            float[] tile,
            int from,
            int rows,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            double[] errors,
            int at);

    /**
     * Adds the sums of a linear regression of the values on their steps to {@code moments}, for
     * each column of a tile. A step is {@code c = code - zeroPoint}, with codes as in {@link
     * #searchErrors}.
     *
     * @param moments {@link #LANES} sums each of c, c^2, x, x c and x^2, in this order from index 0
     *     on
     */
    void searchMoments(
            float[] tile,
            int from,
            int rows,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            double[] moments);
}
