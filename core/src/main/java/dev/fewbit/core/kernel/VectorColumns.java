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
        int bound = FLOATS.loopBound(columns);
        int[] lows = new int[bound];
        int[] highs = new int[bound];
        int c = 0;
        for (; c <= bound - 4 * WIDTH; c += 4 * WIDTH) {
            rangeOfFour(values, from + c, depth, stride, lows, highs, c);
        }
        for (; c < bound; c += WIDTH) {
            IntVector low = IntVector.broadcast(INTS, Integer.MAX_VALUE);
            IntVector high = IntVector.broadcast(INTS, Integer.MIN_VALUE);
            for (int r = 0; r < depth; r++) {
                IntVector key = keys(values, from + r * stride + c);
                low = low.min(key);
                high = high.max(key);
            }
            low.intoArray(lows, c);
            high.intoArray(highs, c);
        }
        for (int i = 0; i < bound; i++) {
            SortableFloats.store(lows[i], highs[i], minima, maxima, at + i);
        }
        return bound;
    }

    /** Four vectors side by side: more of each row is read before the next, far away. */
    private static void rangeOfFour(
            float[] values, int from, int depth, int stride, int[] lows, int[] highs, int at) {
        IntVector low0 = keys(values, from);
        IntVector low1 = keys(values, from + WIDTH);
        IntVector low2 = keys(values, from + 2 * WIDTH);
        IntVector low3 = keys(values, from + 3 * WIDTH);
        IntVector high0 = low0;
        IntVector high1 = low1;
        IntVector high2 = low2;
        IntVector high3 = low3;
        for (int r = 1; r < depth; r++) {
            int row = from + r * stride;
            IntVector key0 = keys(values, row);
            IntVector key1 = keys(values, row + WIDTH);
            IntVector key2 = keys(values, row + 2 * WIDTH);
            IntVector key3 = keys(values, row + 3 * WIDTH);
            low0 = low0.min(key0);
            low1 = low1.min(key1);
            low2 = low2.min(key2);
            low3 = low3.min(key3);
            high0 = high0.max(key0);
            high1 = high1.max(key1);
            high2 = high2.max(key2);
            high3 = high3.max(key3);
        }
        low0.intoArray(lows, at);
        low1.intoArray(lows, at + WIDTH);
        low2.intoArray(lows, at + 2 * WIDTH);
        low3.intoArray(lows, at + 3 * WIDTH);
        high0.intoArray(highs, at);
        high1.intoArray(highs, at + WIDTH);
        high2.intoArray(highs, at + 2 * WIDTH);
        high3.intoArray(highs, at + 3 * WIDTH);
    }

    private static IntVector keys(float[] values, int at) {
        return SortableFloats.keys(FloatVector.fromArray(FLOATS, values, at));
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
