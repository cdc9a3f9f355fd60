package dev.fewbit.core.statistics;

/** Integers in the order of floats: -NaN, -infinity, finite numbers, infinity, NaN. */
final class SortableBits {

    private SortableBits() {}

    /** The integer of a float's bits; its own inverse. */
    static int of(int bits) {
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }

    /** The float; zero if it is smaller than any normal number. */
    static float value(int sortable) {
        float value = Float.intBitsToFloat(of(sortable));
        return Math.abs(value) < Float.MIN_NORMAL ? 0f : value;
    }
}
