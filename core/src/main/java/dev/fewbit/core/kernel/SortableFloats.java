package dev.fewbit.core.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Integers in the order of floats: -NaN, -infinity, finite numbers, infinity, NaN. The mapping is
 * its own inverse.
 */
final class SortableFloats {

    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
    private static final int MINUS_INFINITY = key(Float.NEGATIVE_INFINITY);

    private SortableFloats() {}

    static int key(float value) {
        int bits = Float.floatToRawIntBits(value);
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }

    static IntVector keys(FloatVector values) {
        IntVector bits = values.reinterpretAsInts();
        return bits.lanewise(
                VectorOperators.XOR,
                bits.lanewise(VectorOperators.ASHR, 31).and(Integer.MAX_VALUE));
    }

    static float value(int key) {
        return Float.intBitsToFloat(key ^ ((key >> 31) & Integer.MAX_VALUE));
    }

    /** Both ends of a range, NaN when one of them is not finite; zeros become positive. */
    static void store(int minimum, int maximum, float[] minima, float[] maxima, int at) {
        boolean finite = minimum > MINUS_INFINITY && maximum < INFINITY;
        minima[at] = finite ? value(minimum) + 0f : Float.NaN;
        maxima[at] = finite ? value(maximum) + 0f : Float.NaN;
    }
}
