package dev.fewbit.core.allocation;

/**
 * How much a choice may take in all. Start from {@link #none()} and add limits.
 *
 * @param bytes the most bytes, {@link Long#MAX_VALUE} where size is not limited
 * @param seconds the longest time of a run in seconds, positive infinity where time is not limited
 */
public record Budget(long bytes, double seconds) {

    private static final Budget NONE = new Budget(Long.MAX_VALUE, Double.POSITIVE_INFINITY);

    /** Refuses limits that nothing can keep. */
    public Budget {
        if (bytes < 0) {
            throw new IllegalArgumentException("a budget is 0 bytes or more, got " + bytes);
        }
        if (!(seconds >= 0)) {
            throw new IllegalArgumentException("a budget is 0 seconds or more, got " + seconds);
        }
    }

    /** No limit at all. */
    public static Budget none() {
        return NONE;
    }

    /** The same with at most so many bytes. */
    public Budget withBytes(long most) {
        return new Budget(most, seconds);
    }

    /** The same with at most so many seconds. */
    public Budget withSeconds(double most) {
        return new Budget(bytes, most);
    }

    /** Whether size is limited. */
    public boolean limitsBytes() {
        return bytes != Long.MAX_VALUE;
    }

    /** Whether time is limited. */
    public boolean limitsSeconds() {
        return seconds != Double.POSITIVE_INFINITY;
    }

    /** Whether a choice keeps both limits. */
    public boolean allows(Choice choice) {
        return choice.bytes() <= bytes && choice.seconds() <= seconds;
    }
}
