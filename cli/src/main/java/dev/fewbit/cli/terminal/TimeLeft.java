package dev.fewbit.cli.terminal;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How long a stage of work goes on, judged by its pace so far. What was done lately counts more, so
 * that the estimate follows a pace that changes, but no single step makes it jump.
 */
final class TimeLeft {

    /** Before that many seconds a pace is chance. */
    private static final double PATIENCE_SECONDS = 3;

    /** After that many seconds, what was done counts 1/e of what is being done. */
    private static final double MEMORY_SECONDS = 60;

    /** From one minute on, seconds are told in steps of so many. */
    private static final long COARSE = 5;

    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;

    private @Nullable String stage;
    private long total;
    private long done;
    private double began;
    private double advanced;
    private double work;
    private double seconds;

    /**
     * Work has come this far.
     *
     * @param now the time in seconds, from whenever
     */
    void update(String newStage, long newDone, long newTotal, double now) {
        // What is done at the first word of a stage was there before, perhaps from another day.
        if (!newStage.equals(stage) || newTotal != total || newDone < done) {
            stage = newStage;
            total = newTotal;
            done = newDone;
            began = now;
            advanced = now;
            work = 0;
            seconds = 0;
        } else if (newDone > done) {
            double step = now - advanced;
            double kept = Math.exp(-step / MEMORY_SECONDS);
            work = kept * work + (newDone - done);
            seconds = kept * seconds + step;
            done = newDone;
            advanced = now;
        }
    }

    /**
     * Seconds until the end of the stage; empty as long as nothing is known of its pace, or nothing
     * is left.
     *
     * @param now the time in seconds, from the same origin as in {@link #update}
     */
    OptionalDouble seconds(double now) {
        if (now - began < PATIENCE_SECONDS || !(work > 0) || !(seconds > 0) || done >= total) {
            return OptionalDouble.empty();
        }
        double pace = seconds / work;
        // A step that takes longer than expected takes nothing off the others.
        return OptionalDouble.of((total - done) * pace - Math.min(now - advanced, pace));
    }

    /** In words: {@code ~0:09 left}, {@code ~1:20 left}, {@code ~2:05 h left}. */
    static String words(double left) {
        long rounded =
                left < MINUTE ? Math.max(1, Math.round(left)) : COARSE * Math.round(left / COARSE);
        if (rounded < HOUR) {
            return String.format(Locale.ROOT, "~%d:%02d left", rounded / MINUTE, rounded % MINUTE);
        }
        long minutes = Math.round(left / MINUTE);
        return String.format(Locale.ROOT, "~%d:%02d h left", minutes / MINUTE, minutes % MINUTE);
    }
}
