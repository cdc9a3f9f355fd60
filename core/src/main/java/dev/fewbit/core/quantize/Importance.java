package dev.fewbit.core.quantize;

import org.jspecify.annotations.Nullable;

/**
 * How much the squared error of each element of a tensor counts, for example how much an input of
 * its operator varies (the diagonal of a Gram matrix). Immutable.
 */
public final class Importance {

    /** Every element counts as much as any other. */
    public static final Importance EQUAL = new Importance(new float[] {1}, 1);

    private final float[] weights;
    private final long repeat;

    private Importance(float[] weights, long repeat) {
        this.weights = weights;
        this.repeat = repeat;
    }

    /**
     * A weight for every position along one axis: element i, counted row-major, has {@code
     * weights[i / repeat % weights.length]}.
     *
     * <p>For a matrix {@code [inputs, outputs]} and a weight for every input, {@code repeat} is the
     * number of outputs; for {@code [outputs, inputs]} it is 1; with a weight for every element it
     * is 1 too.
     *
     * @param weights finite, none negative; copied
     * @param repeat elements from one position of the axis to the next
     */
    public static Importance of(float[] weights, long repeat) {
        if (weights.length == 0 || repeat < 1) {
            throw new IllegalArgumentException(
                    "at least one weight, repeated at least once, is needed; got %d and %d"
                            .formatted(weights.length, repeat));
        }
        for (int i = 0; i < weights.length; i++) {
            if (!(weights[i] >= 0 && weights[i] <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "weights are finite and not negative, got %s at index %d"
                                .formatted(weights[i], i));
            }
        }
        return new Importance(weights.clone(), repeat);
    }

    /** Whether it makes no difference. */
    public boolean equal() {
        return weights.length == 1;
    }

    /** Weight of an element. */
    public float at(long element) {
        return weights[(int) (element / repeat % weights.length)];
    }

    /**
     * Weights of adjacent elements, as the functions that take a band want them.
     *
     * @return null if they are equal
     */
    public float @Nullable [] forElements(long first, int count) {
        if (equal()) {
            return null;
        }
        float[] result = new float[count];
        for (int i = 0; i < count; i++) {
            result[i] = at(first + i);
        }
        return result;
    }
}
