package dev.fewbit.core.allocation;

import java.util.Map;
import java.util.TreeMap;

/**
 * Tells which of many states are worth keeping, given from best to worst: those that take less of
 * some limited resource than every better one. A resource without a limit does not count.
 *
 * <p>Keeps the corners of the region that is covered, by bytes; a state costs O(log corners).
 */
final class Staircase {

    private final boolean byBytes;
    private final boolean byTicks;
    private final TreeMap<Long, Long> ticksByBytes = new TreeMap<>();
    private long least = Long.MAX_VALUE;
    private boolean empty = true;

    Staircase(boolean byBytes, boolean byTicks) {
        this.byBytes = byBytes;
        this.byTicks = byTicks;
    }

    /** Takes the next state in, unless a better one takes no more of anything limited. */
    boolean admits(long bytes, long ticks) {
        if (byBytes && byTicks) {
            return admitsCorner(bytes, ticks);
        }
        long taken = byBytes ? bytes : byTicks ? ticks : 0;
        if (!empty && taken >= least) {
            return false;
        }
        empty = false;
        least = taken;
        return true;
    }

    private boolean admitsCorner(long bytes, long ticks) {
        Map.Entry<Long, Long> smaller = ticksByBytes.floorEntry(bytes);
        if (smaller != null && smaller.getValue() <= ticks) {
            return false;
        }
        Map.Entry<Long, Long> larger = ticksByBytes.ceilingEntry(bytes);
        while (larger != null && larger.getValue() >= ticks) {
            ticksByBytes.remove(larger.getKey());
            larger = ticksByBytes.higherEntry(bytes);
        }
        ticksByBytes.put(bytes, ticks);
        return true;
    }
}
