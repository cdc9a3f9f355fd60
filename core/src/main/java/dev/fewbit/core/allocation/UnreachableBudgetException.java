package dev.fewbit.core.allocation;

import java.util.OptionalLong;

/** No choice of options is within the budget; says how small it could be. */
public final class UnreachableBudgetException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final long smallestBytes;
    private final double leastSeconds;
    private final long smallestBytesInTime;

    private UnreachableBudgetException(
            String message, long smallestBytes, double leastSeconds, long smallestBytesInTime) {
        super(message);
        this.smallestBytes = smallestBytes;
        this.leastSeconds = leastSeconds;
        this.smallestBytesInTime = smallestBytesInTime;
    }

    static UnreachableBudgetException alone(Budget budget, long smallest, double least) {
        String message =
                smallest > budget.bytes()
                        ? "the budget is %d bytes, but the smallest choice of options takes %d"
                                .formatted(budget.bytes(), smallest)
                        : "the budget is %s seconds, but the fastest choice of options takes %s"
                                .formatted(budget.seconds(), least);
        return new UnreachableBudgetException(
                message + "; allow as much, or give items cheaper options", smallest, least, -1);
    }

    static UnreachableBudgetException together(
            Budget budget, long smallest, double least, long smallestInTime) {
        return new UnreachableBudgetException(
                ("the budget is %d bytes within %s seconds, but the smallest choice of options that"
                                + " is fast enough takes %d bytes; allow as much, or more time, or"
                                + " give items cheaper options")
                        .formatted(budget.bytes(), budget.seconds(), smallestInTime),
                smallest,
                least,
                smallestInTime);
    }

    /** The bytes of the smallest choice, whatever its time. */
    public long smallestBytes() {
        return smallestBytes;
    }

    /** The seconds of the fastest choice, whatever its bytes. */
    public double leastSeconds() {
        return leastSeconds;
    }

    /**
     * The bytes of the smallest choice within the seconds of the budget, if those alone can be met
     * and both are limited.
     */
    public OptionalLong smallestBytesInTime() {
        return smallestBytesInTime < 0
                ? OptionalLong.empty()
                : OptionalLong.of(smallestBytesInTime);
    }
}
