package dev.fewbit.core.kernel;

import static dev.fewbit.core.kernel.VectorShapes.FLOATS;
import static dev.fewbit.core.kernel.VectorShapes.INTS;
import static dev.fewbit.core.kernel.VectorShapes.ROUNDING_BITS;
import static dev.fewbit.core.kernel.VectorShapes.WIDTH;

import dev.fewbit.core.format.Affine;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Vector kernels of columns: one lane for each column. They do the columns that fill whole vectors
 * and return how many those are.
 */
final class VectorColumns {

    private VectorColumns() {}

    static int range(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            float[] minima,
            float[] maxima,
            int at) {
        int[] keys = new int[2 * WIDTH];
        int bound = FLOATS.loopBound(columns);
        for (int c = 0; c < bound; c += WIDTH) {
            IntVector minimum = IntVector.broadcast(INTS, Integer.MAX_VALUE);
            IntVector maximum = IntVector.broadcast(INTS, Integer.MIN_VALUE);
            for (int r = 0; r < depth; r++) {
                IntVector key =
                        SortableFloats.keys(
                                FloatVector.fromArray(FLOATS, values, from + r * stride + c));
                minimum = minimum.min(key);
                maximum = maximum.max(key);
            }
            minimum.intoArray(keys, 0);
            maximum.intoArray(keys, WIDTH);
            for (int lane = 0; lane < WIDTH; lane++) {
                SortableFloats.store(keys[lane], keys[WIDTH + lane], minima, maxima, at + c + lane);
            }
        }
        return bound;
    }

    static int quantize(
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
            int at) {
        int bound = FLOATS.loopBound(columns);
        for (int r = 0; r < depth; r++) {
            int row = from + r * stride;
            int into = at + r * columns;
            for (int c = 0; c < bound; c += WIDTH) {
                VectorShapes.store(
                        code(values, row + c, scales, zeroPoints, parametersAt + c, format),
                        codes,
                        into + c);
            }
        }
        return bound;
    }

    static int quantize(
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
            int at) {
        int bound = FLOATS.loopBound(columns);
        for (int r = 0; r < depth; r++) {
            int row = from + r * stride;
            int into = at + r * columns;
            for (int c = 0; c < bound; c += WIDTH) {
                VectorShapes.store(
                        code(values, row + c, scales, zeroPoints, parametersAt + c, format),
                        codes,
                        into + c);
            }
        }
        return bound;
    }

    private static IntVector code(
            float[] values, int from, float[] scales, int[] zeroPoints, int p, Affine format) {
        IntVector zeroPoint = IntVector.fromArray(INTS, zeroPoints, p);
        FloatVector steps =
                FloatVector.fromArray(FLOATS, values, from)
                        .div(FloatVector.fromArray(FLOATS, scales, p));
        return VectorShapes.roundingBits(
                        steps,
                        VectorShapes.lowest(format, zeroPoint),
                        VectorShapes.highest(format, zeroPoint))
                .add(zeroPoint)
                .sub(ROUNDING_BITS);
    }

    static int error(
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
            int at) {
        int bound = FLOATS.loopBound(columns);
        for (int c = 0; c < bound; c += WIDTH) {
            FloatVector scale = FloatVector.fromArray(FLOATS, scales, parametersAt + c);
            IntVector zeroPoint = IntVector.fromArray(INTS, zeroPoints, parametersAt + c);
            IntVector lowest = VectorShapes.lowest(format, zeroPoint);
            IntVector highest = VectorShapes.highest(format, zeroPoint);
            for (int lane = 0; lane < WIDTH; lane++) {
                errors[at + c + lane] = 0;
            }
            for (int start = 0; start < depth; start += AffineKernels.CHUNK_ROWS) {
                int end = Math.min(depth, start + AffineKernels.CHUNK_ROWS);
                FloatVector partial = FloatVector.zero(FLOATS);
                for (int r = start; r < end; r++) {
                    FloatVector value =
                            FloatVector.fromArray(FLOATS, values, from + r * stride + c);
                    FloatVector error = VectorRows.error(value, scale, lowest, highest);
                    partial = partial.add(error.mul(error));
                }
                VectorShapes.addTo(errors, at + c, partial);
            }
        }
        return bound;
    }

    /** All columns, in tiles as wide as there are lanes, as the sums' order is part of them. */
    static void measure(
            float[] values,
            int from,
            int depth,
            int columns,
            int stride,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            ErrorSums sums) {
        for (int first = 0; first < columns; first += AffineKernels.LANES) {
            int used = Math.min(AffineKernels.LANES, columns - first);
            int bound = FLOATS.loopBound(used);
            for (int start = 0; start < depth; start += AffineKernels.CHUNK_ROWS) {
                int rows = Math.min(AffineKernels.CHUNK_ROWS, depth - start);
                int at = from + start * stride + first;
                int p = parametersAt + first;
                sums.expect(rows, (long) rows * used);
                for (int lane = 0; lane < bound; lane += WIDTH) {
                    IntVector zeroPoint = IntVector.fromArray(INTS, zeroPoints, p + lane);
                    VectorMeasure.add(
                            values,
                            at + lane,
                            rows,
                            stride,
                            FloatVector.fromArray(FLOATS, scales, p + lane),
                            VectorShapes.lowest(format, zeroPoint),
                            VectorShapes.highest(format, zeroPoint),
                            sums.pending,
                            lane);
                }
                for (int lane = bound; lane < used; lane++) {
                    ScalarSums.measure(
                            values,
                            at + lane,
                            rows,
                            stride,
                            scales[p + lane],
                            zeroPoints[p + lane],
                            format,
                            sums.pending,
                            lane);
                }
            }
        }
    }
}
