package dev.fewbit.core.kernel;

/**
 * Decides when one kernel changes from scalar to vector code.
 *
 * <p>The Vector API is fast only once the optimizing compiler has seen it; until then a single
 * operation takes microseconds, and a small model would be done sooner without. So work starts with
 * the scalar kernel. When that has seen so many elements that warming the other one would have
 * paid, a background thread exercises the vector kernel on small data until it is compiled, and
 * from then on it serves. Both give the same bits, so that only the speed depends on when that
 * happens.
 */
final class WarmUp {

    /** Elements of an exercise that shows whether a kernel is compiled. */
    static final int PROBE = 4096;

    /** Compiled kernels take less than 1 ns an element, others more than 100. */
    private static final long COMPILED_NANOS = 8L * PROBE;

    /** Exercises to give up after: the compiler may be switched off. */
    private static final int MOST_ROUNDS = 200;

    private final long threshold;
    private final Exercise exercise;

    /** Not exact when several threads add, which only moves the moment. */
    private long seen;

    private volatile boolean started;
    private volatile boolean ready;

    /** Runs the vector kernel on some data of its own. */
    @FunctionalInterface
    interface Exercise {
        /**
         * Runs it once.
         *
         * @param elements about how many elements to take
         */
        void run(int elements);
    }

    /**
     * A kernel that is cold.
     *
     * @param threshold elements for the scalar kernel before warming begins
     * @param exercise runs the vector kernel
     */
    WarmUp(long threshold, Exercise exercise) {
        this.threshold = threshold;
        this.exercise = exercise;
    }

    /** Whether the vector kernel is to take the next elements. */
    boolean ready(long elements) {
        if (ready) {
            return true;
        }
        seen += elements;
        if (seen >= threshold && !started) {
            start();
        }
        return false;
    }

    private synchronized void start() {
        if (!started) {
            started = true;
            Thread.ofPlatform().daemon().name("fewbit-kernel-warm-up").start(this::warm);
        }
    }

    /** Exercises until the kernel is compiled. Sizes vary, so that all of its paths are. */
    private void warm() {
        for (int round = 0; round < MOST_ROUNDS && !ready; round++) {
            for (int i = 0; i < 1000; i++) {
                exercise.run(AffineKernels.LANES + i % 3 * 11);
            }
            long fastest = Long.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                long start = System.nanoTime();
                exercise.run(PROBE);
                fastest = Math.min(fastest, System.nanoTime() - start);
            }
            ready = fastest < COMPILED_NANOS;
        }
    }
}
