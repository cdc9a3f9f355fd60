package dev.fewbit.search;

/**
 * The longest time of a run.
 *
 * @param value seconds, or a share of what the float model takes
 * @param isShare which of the two
 */
public record LatencyLimit(double value, boolean isShare) {

    /** Refuses what no run can keep. */
    public LatencyLimit {
        if (!(value > 0 && value <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("a run takes more than no time, got " + value);
        }
    }
}
