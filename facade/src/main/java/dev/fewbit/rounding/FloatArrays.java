package dev.fewbit.rounding;

import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.NumberType;

/** Arrays of a network as Java arrays. */
final class FloatArrays {
    private FloatArrays() {}

    static float[] of(NumberArray array) {
        float[] values = new float[array.size()];
        array.as(NumberType.FLOAT32).bytes().asFloatBuffer().get(values);
        return values;
    }

    /** Element by element, both of one size. */
    static void subtract(float[] from, float[] what) {
        for (int i = 0; i < from.length; i++) {
            from[i] -= what[i];
        }
    }
}
