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

    /** Elements of the largest exercise. */
    static final int LARGEST = 5000;

    /** A small exercise takes a compiled kernel a tenth of this, and others ten times as long. */
    private static final long COMPILED_NANOS = 2000;

    private static final int ROUND = 250;

    /** Rounds to give up after: the compiler may be switched off. */
    private static final int MOST_ROUNDS = 400;

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

    /**
     * Exercises until the kernel is compiled. It is calls that the compiler counts, so most are
     * small; their sizes vary and each round begins with a large one, so that all paths are seen.
     */
    private void warm() {
        for (int round = 0; round < MOST_ROUNDS && !ready; round++) {
            exercise.run(LARGEST);
            long fastest = Long.MAX_VALUE;
            for (int i = 0; i < ROUND; i++) {
                long start = System.nanoTime();
                exercise.run(AffineKernels.LANES + i % 3 * 11);
                fastest = Math.min(fastest, System.nanoTime() - start);
            }
            ready = fastest < COMPILED_NANOS;
        }
    }
}
