package dev.fewbit.core.allocation;

/**
 * What one item may become, and what that costs.
 *
 * @param loss what it adds to the loss, any finite number
 * @param bytes what it adds to the size, 0 or more
 * @param seconds what it adds to the time of a run, 0 or more; 0 where time does not matter. Times
 *     are counted in units of 2^-40 s (about a picosecond), so that sums do not depend on their
 *     order
 */
public record Option(double loss, long bytes, double seconds) {

    /** More than a week; keeps sums of times within a long. */
    private static final double MOST_SECONDS = 1 << 20;

    /** Refuses what cannot be added up. */
    public Option {
        if (!Double.isFinite(loss)) {
            throw new IllegalArgumentException("the loss of an option is finite, got " + loss);
        }
        if (bytes < 0) {
            throw new IllegalArgumentException("an option takes 0 bytes or more, got " + bytes);
        }
        if (!(seconds >= 0 && seconds <= MOST_SECONDS)) {
            throw new IllegalArgumentException(
                    "an option takes from 0 to %s seconds, got %s"
                            .formatted(MOST_SECONDS, seconds));
        }
    }

    /** An option whose time does not matter. */
    public static Option of(double loss, long bytes) {
        return new Option(loss, bytes, 0);
    }
}
