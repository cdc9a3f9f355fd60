package dev.fewbit.core.rounding;

import java.util.function.IntConsumer;

/**
 * Whoever runs the independent pieces of an algorithm: some threads, or a pool that an application
 * already has. Which thread runs which piece, and in what order, never shows in a result.
 */
@FunctionalInterface
public interface Workers {

    /**
     * Runs a task for the indices 0 to {@code count - 1} and returns when all are done. What the
     * caller wrote before is seen by the tasks, and what they wrote by the caller.
     *
     * @throws RuntimeException the first failure of a task, when no task runs any more
     */
    void run(int count, IntConsumer task);

    /** The calling thread alone, in order. */
    static Workers sequential() {
        return (count, task) -> {
            for (int index = 0; index < count; index++) {
                task.accept(index);
            }
        };
    }

    /**
     * The calling thread and others that live as long as a call.
     *
     * @param threads how many together, at least 1
     */
    static Workers of(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("at least 1 thread is needed, got " + threads);
        }
        return threads == 1
                ? sequential()
                : (count, task) -> new ThreadedRun(count, task).run(threads);
    }

    /**
     * Runs a task for ranges of {@code size} of the numbers 0 to {@code total - 1}, the last range
     * possibly shorter.
     */
    default void runRanges(int total, int size, RangeTask task) {
        int count = Math.ceilDiv(total, size);
        run(count, index -> task.run(index * size, Math.min(total, (index + 1) * size)));
    }

    /** Works on a range of numbers. */
    @FunctionalInterface
    interface RangeTask {
        /**
         * Called once for each range.
         *
         * @param from its first number
         * @param to the number after its last
         */
        void run(int from, int to);
    }
}
