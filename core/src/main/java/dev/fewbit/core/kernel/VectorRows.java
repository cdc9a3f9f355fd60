package dev.fewbit.core.kernel;

import static dev.fewbit.core.kernel.VectorShapes.FLOATS;
import static dev.fewbit.core.kernel.VectorShapes.INTS;
import static dev.fewbit.core.kernel.VectorShapes.ROUNDING_BITS;
import static dev.fewbit.core.kernel.VectorShapes.WIDTH;

import dev.fewbit.core.format.Affine;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Vector kernels of rows. */
final class VectorRows {

    private static final int CHUNK = AffineKernels.CHUNK_ROWS * AffineKernels.LANES;

    private VectorRows() {}

    /**
     * Minimum and maximum by integers that sort like the floats: the bits, with all but the sign
     * flipped for negative numbers. NaN sorts beyond the infinities, so both show in the result.
     */
    static void range(float[] values, int from, int count, float[] minima, float[] maxima, int at) {
        int minimum = Integer.MAX_VALUE;
        int maximum = Integer.MIN_VALUE;
        int i = 0;
        if (count >= WIDTH) {
            IntVector first = SortableFloats.keys(FloatVector.fromArray(FLOATS, values, from));
            IntVector low0 = first;
            IntVector high0 = first;
            IntVector low1 = first;
            IntVector high1 = first;
            for (; i <= count - 2 * WIDTH; i += 2 * WIDTH) {
                IntVector a = SortableFloats.keys(FloatVector.fromArray(FLOATS, values, from + i));
                IntVector b =
                        SortableFloats.keys(
                                FloatVector.fromArray(FLOATS, values, from + i + WIDTH));
                low0 = low0.min(a);
                high0 = high0.max(a);
                low1 = low1.min(b);
                high1 = high1.max(b);
            }
            minimum = low0.min(low1).reduceLanes(VectorOperators.MIN);
            maximum = high0.max(high1).reduceLanes(VectorOperators.MAX);
        }
        for (; i < count; i++) {
            int key = SortableFloats.key(values[from + i]);
            minimum = Math.min(minimum, key);
            maximum = Math.max(maximum, key);
        }
        SortableFloats.store(minimum, maximum, minima, maxima, at);
    }

    static int quantize(
            float[] values,
            int from,
            int count,
            float scale,
            int zeroPoint,
            Affine format,
            byte[] codes,
            int at) {
        FloatVector scales = FloatVector.broadcast(FLOATS, scale);
        IntVector lowest = IntVector.broadcast(INTS, VectorShapes.lowest(format, zeroPoint));
        IntVector highest = IntVector.broadcast(INTS, VectorShapes.highest(format, zeroPoint));
        int bound = FLOATS.loopBound(count);
        for (int i = 0; i < bound; i += WIDTH) {
            FloatVector steps = FloatVector.fromArray(FLOATS, values, from + i).div(scales);
            IntVector rounded = VectorShapes.roundingBits(steps, lowest, highest);
            VectorShapes.store(rounded.add(zeroPoint - ROUNDING_BITS), codes, at + i);
        }
        return bound;
    }

    static int quantize(
            float[] values,
            int from,
            int count,
            float scale,
            int zeroPoint,
            Affine format,
            short[] codes,
            int at) {
        FloatVector scales = FloatVector.broadcast(FLOATS, scale);
        IntVector lowest = IntVector.broadcast(INTS, VectorShapes.lowest(format, zeroPoint));
        IntVector highest = IntVector.broadcast(INTS, VectorShapes.highest(format, zeroPoint));
        int bound = FLOATS.loopBound(count);
        for (int i = 0; i < bound; i += WIDTH) {
            FloatVector steps = FloatVector.fromArray(FLOATS, values, from + i).div(scales);
            IntVector rounded = VectorShapes.roundingBits(steps, lowest, highest);
            VectorShapes.store(rounded.add(zeroPoint - ROUNDING_BITS), codes, at + i);
        }
        return bound;
    }

    static double error(
            float[] values, int from, int count, float scale, int zeroPoint, Affine format) {
        FloatVector scales = FloatVector.broadcast(FLOATS, scale);
        IntVector lowest = IntVector.broadcast(INTS, VectorShapes.lowest(format, zeroPoint));
        IntVector highest = IntVector.broadcast(INTS, VectorShapes.highest(format, zeroPoint));
        double[] lanes = new double[AffineKernels.LANES];
        for (int start = 0; start < count; start += CHUNK) {
            int end = Math.min(CHUNK, count - start);
            for (int lane = 0; lane < Math.min(AffineKernels.LANES, end); lane += WIDTH) {
                FloatVector partial = FloatVector.zero(FLOATS);
                int i = lane;
                for (; i <= end - WIDTH; i += AffineKernels.LANES) {
                    FloatVector value = FloatVector.fromArray(FLOATS, values, from + start + i);
                    FloatVector error = error(value, scales, lowest, highest);
                    partial = partial.add(error.mul(error));
                }
                if (i < end) {
                    // Lanes beyond the end are zero, which has no error.
                    FloatVector value =
                            FloatVector.fromArray(
                                    FLOATS, values, from + start + i, VectorShapes.below(i, end));
                    FloatVector error = error(value, scales, lowest, highest);
                    partial = partial.add(error.mul(error));
                }
                VectorShapes.addTo(lanes, lane, partial);
            }
        }
        return ErrorSums.reduce(lanes, 0);
    }

    static void measure(
            float[] values,
            int from,
            int count,
            float scale,
            int zeroPoint,
            Affine format,
            ErrorSums sums) {
        FloatVector scales = FloatVector.broadcast(FLOATS, scale);
        IntVector lowest = IntVector.broadcast(INTS, VectorShapes.lowest(format, zeroPoint));
        IntVector highest = IntVector.broadcast(INTS, VectorShapes.highest(format, zeroPoint));
        for (int start = 0; start < count; start += CHUNK) {
            int size = Math.min(CHUNK, count - start);
            sums.expect(Math.ceilDiv(size, AffineKernels.LANES), size);
            int whole = size - size % AffineKernels.LANES;
            int rest = size - whole;
            int first = from + start;
            for (int lane = 0; lane < AffineKernels.LANES; lane += WIDTH) {
                VectorMeasure.add(
                        values,
                        first + lane,
                        whole / AffineKernels.LANES,
                        AffineKernels.LANES,
                        scales,
                        lowest,
                        highest,
                        sums.pending,
                        lane);
                if (lane < rest) {
                    FloatVector value =
                            FloatVector.fromArray(
                                    FLOATS,
                                    values,
                                    first + whole + lane,
                                    VectorShapes.below(lane, rest));
                    VectorMeasure.add(value, scales, lowest, highest, sums.pending, lane);
                }
            }
        }
    }

    static FloatVector error(
            FloatVector value, FloatVector scales, IntVector lowest, IntVector highest) {
        return value.sub(VectorShapes.rounded(value.div(scales), lowest, highest).mul(scales));
    }
}
