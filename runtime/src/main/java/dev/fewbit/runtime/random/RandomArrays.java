package dev.fewbit.runtime.random;

import dev.fewbit.runtime.data.InputSpecification;
import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Draws arrays. */
final class RandomArrays {

    private RandomArrays() {}

    /**
     * Draws one input.
     *
     * @param input what the model takes
     * @param role what the values mean
     * @param shape its dimensions
     * @param sequence length of the sequences in the same sample
     * @param random where the numbers come from
     */
    static NumberArray draw(
            InputSpecification input,
            InputRole role,
            long[] shape,
            long sequence,
            SplittableRandom random) {
        int size = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
        NumberArray drawn =
                switch (role) {
                    case InputRole.Noise() -> noise(size, shape, random);
                    case InputRole.Indices(long rows) ->
                            indices(size, shape, limited(input.type(), rows), random);
                    case InputRole.Constant(long value) -> constant(size, shape, value);
                    case InputRole.Positions(long rows) -> positions(size, shape, rows);
                    case InputRole.Length() -> constant(size, shape, sequence);
                };
        return drawn.as(input.type());
    }

    private static NumberArray noise(int size, long[] shape, SplittableRandom random) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return NumberArray.ofFloats(values, shape);
    }

    private static NumberArray indices(int size, long[] shape, long rows, SplittableRandom random) {
        long[] values = new long[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextLong(rows);
        }
        return NumberArray.ofLongs(values, shape);
    }

    private static NumberArray constant(int size, long[] shape, long value) {
        long[] values = new long[size];
        Arrays.fill(values, value);
        return NumberArray.ofLongs(values, shape);
    }

    private static NumberArray positions(int size, long[] shape, long rows) {
        long length = shape.length == 0 ? 1 : Math.max(shape[shape.length - 1], 1);
        long[] values = new long[size];
        for (int i = 0; i < size; i++) {
            values[i] = Math.min(i % length, rows - 1);
        }
        return NumberArray.ofLongs(values, shape);
    }

    /** Row numbers that the element type can hold. */
    private static long limited(NumberType type, long rows) {
        return switch (type) {
            case BOOL -> 2;
            case INT8 -> Math.min(rows, 1L << 7);
            case UINT8 -> Math.min(rows, 1L << 8);
            case INT16 -> Math.min(rows, 1L << 15);
            case UINT16 -> Math.min(rows, 1L << 16);
            case INT32 -> Math.min(rows, 1L << 31);
            case UINT32 -> Math.min(rows, 1L << 32);
            case INT64, UINT64, FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> rows;
        };
    }
}
