package dev.fewbit.core.level;

/** Integers in the order of floats, both zeros alike. */
final class FloatOrder {

    private FloatOrder() {}

    static int key(float value) {
        int bits = Float.floatToRawIntBits(value + 0f);
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }

    static float value(int key) {
        return Float.intBitsToFloat(key ^ ((key >> 31) & Integer.MAX_VALUE));
    }
}
