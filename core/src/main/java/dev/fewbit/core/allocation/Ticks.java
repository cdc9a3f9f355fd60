package dev.fewbit.core.allocation;

/**
 * Seconds as whole multiples of 2^-40 s, whose sums are exact: a time that one search reached is
 * one that the next may ask for.
 */
final class Ticks {

    private static final double IN_A_SECOND = 0x1p40;

    private Ticks() {}

    /** The nearest number of ticks. */
    static long of(double seconds) {
        return Math.round(seconds * IN_A_SECOND);
    }

    /** The ticks that a limit allows, all there are for a limit of infinity. */
    static long within(double seconds) {
        return (long) Math.floor(seconds * IN_A_SECOND);
    }

    static double seconds(long ticks) {
        return ticks / IN_A_SECOND;
    }
}
