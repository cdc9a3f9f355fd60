package dev.fewbit.core.kernel;

import static dev.fewbit.core.kernel.VectorShapes.FLOATS;
import static dev.fewbit.core.kernel.VectorShapes.INTS;
import static dev.fewbit.core.kernel.VectorShapes.WIDTH;

import dev.fewbit.core.format.Affine;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Vector kernels of tiles, for searches. */
final class VectorTiles {

    private VectorTiles() {}

    static void errors(
            float[] tile,
            int from,
            int rows,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            double[] errors,
            int at) {
        for (int lane = 0; lane < AffineKernels.LANES; lane += WIDTH) {
            FloatVector scale = FloatVector.fromArray(FLOATS, scales, parametersAt + lane);
            FloatVector reciprocal = FloatVector.broadcast(FLOATS, 1f).div(scale);
            IntVector zeroPoint = IntVector.fromArray(INTS, zeroPoints, parametersAt + lane);
            IntVector lowest = VectorShapes.lowest(format, zeroPoint);
            IntVector highest = VectorShapes.highest(format, zeroPoint);
            for (int start = 0; start < rows; start += AffineKernels.CHUNK_ROWS) {
                int first = from + start * AffineKernels.LANES + lane;
                int count = Math.min(rows - start, AffineKernels.CHUNK_ROWS) * AffineKernels.LANES;
                FloatVector partial = FloatVector.zero(FLOATS);
                for (int i = 0; i < count; i += AffineKernels.LANES) {
                    FloatVector value = FloatVector.fromArray(FLOATS, tile, first + i);
                    FloatVector steps =
                            VectorShapes.rounded(value.mul(reciprocal), lowest, highest);
                    FloatVector error = value.sub(steps.mul(scale));
                    partial = partial.add(error.mul(error));
                }
                VectorShapes.addTo(errors, at + lane, partial);
            }
        }
    }

    static void moments(
            float[] tile,
            int from,
            int rows,
            float[] scales,
            int[] zeroPoints,
            int parametersAt,
            Affine format,
            double[] moments) {
        for (int lane = 0; lane < AffineKernels.LANES; lane += WIDTH) {
            FloatVector reciprocal =
                    FloatVector.broadcast(FLOATS, 1f)
                            .div(FloatVector.fromArray(FLOATS, scales, parametersAt + lane));
            IntVector zeroPoint = IntVector.fromArray(INTS, zeroPoints, parametersAt + lane);
            IntVector lowest = VectorShapes.lowest(format, zeroPoint);
            IntVector highest = VectorShapes.highest(format, zeroPoint);
            for (int start = 0; start < rows; start += AffineKernels.CHUNK_ROWS) {
                int first = from + start * AffineKernels.LANES + lane;
                int count = Math.min(rows - start, AffineKernels.CHUNK_ROWS) * AffineKernels.LANES;
                FloatVector steps = FloatVector.zero(FLOATS);
                FloatVector stepSquares = FloatVector.zero(FLOATS);
                FloatVector values = FloatVector.zero(FLOATS);
                FloatVector products = FloatVector.zero(FLOATS);
                FloatVector valueSquares = FloatVector.zero(FLOATS);
                for (int i = 0; i < count; i += AffineKernels.LANES) {
                    FloatVector value = FloatVector.fromArray(FLOATS, tile, first + i);
                    FloatVector step = VectorShapes.rounded(value.mul(reciprocal), lowest, highest);
                    steps = steps.add(step);
                    stepSquares = stepSquares.add(step.mul(step));
                    values = values.add(value);
                    products = products.add(value.mul(step));
                    valueSquares = valueSquares.add(value.mul(value));
                }
                VectorShapes.addTo(moments, lane, steps);
                VectorShapes.addTo(moments, lane + AffineKernels.LANES, stepSquares);
                VectorShapes.addTo(moments, lane + 2 * AffineKernels.LANES, values);
                VectorShapes.addTo(moments, lane + 3 * AffineKernels.LANES, products);
                VectorShapes.addTo(moments, lane + 4 * AffineKernels.LANES, valueSquares);
            }
        }
    }
}
