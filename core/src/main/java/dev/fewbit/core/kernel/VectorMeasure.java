package dev.fewbit.core.kernel;

import static dev.fewbit.core.kernel.VectorShapes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Adds to {@link ErrorSums#pending} for as many lanes as a vector has. */
final class VectorMeasure {

    private VectorMeasure() {}

    /** Adds every {@code stride}-th vector. */
    static void add(
            float[] values,
            int from,
            int rows,
            int stride,
            FloatVector scales,
            IntVector lowest,
            IntVector highest,
            float[] pending,
            int lane) {
        FloatVector errorSquares = load(pending, ErrorSums.ERROR_SQUARES + lane);
        FloatVector originalSquares = load(pending, ErrorSums.ORIGINAL_SQUARES + lane);
        FloatVector errorProducts = load(pending, ErrorSums.ERROR_PRODUCTS + lane);
        IntVector maxima = load(pending, ErrorSums.MAXIMA + lane).reinterpretAsInts();
        for (int r = 0; r < rows; r++) {
            FloatVector value = load(values, from + r * stride);
            FloatVector error = VectorRows.error(value, scales, lowest, highest);
            errorSquares = errorSquares.add(error.mul(error));
            originalSquares = originalSquares.add(value.mul(value));
            errorProducts = errorProducts.add(value.mul(error));
            maxima = maxima.max(magnitudeBits(error));
        }
        errorSquares.intoArray(pending, ErrorSums.ERROR_SQUARES + lane);
        originalSquares.intoArray(pending, ErrorSums.ORIGINAL_SQUARES + lane);
        errorProducts.intoArray(pending, ErrorSums.ERROR_PRODUCTS + lane);
        maxima.reinterpretAsFloats().intoArray(pending, ErrorSums.MAXIMA + lane);
    }

    /** Adds one vector, whose unused lanes are zero and so add nothing. */
    static void add(
            FloatVector value,
            FloatVector scales,
            IntVector lowest,
            IntVector highest,
            float[] pending,
            int lane) {
        FloatVector error = VectorRows.error(value, scales, lowest, highest);
        load(pending, ErrorSums.ERROR_SQUARES + lane)
                .add(error.mul(error))
                .intoArray(pending, ErrorSums.ERROR_SQUARES + lane);
        load(pending, ErrorSums.ORIGINAL_SQUARES + lane)
                .add(value.mul(value))
                .intoArray(pending, ErrorSums.ORIGINAL_SQUARES + lane);
        load(pending, ErrorSums.ERROR_PRODUCTS + lane)
                .add(value.mul(error))
                .intoArray(pending, ErrorSums.ERROR_PRODUCTS + lane);
        load(pending, ErrorSums.MAXIMA + lane)
                .reinterpretAsInts()
                .max(magnitudeBits(error))
                .reinterpretAsFloats()
                .intoArray(pending, ErrorSums.MAXIMA + lane);
    }

    private static FloatVector load(float[] values, int at) {
        return FloatVector.fromArray(FLOATS, values, at);
    }

    /** Bits of the absolute values, which are in the order of the values. */
    private static IntVector magnitudeBits(FloatVector error) {
        return error.reinterpretAsInts().and(Integer.MAX_VALUE);
    }
}
