package dev.fewbit.onnx.io;

import dev.fewbit.onnx.graph.FillContext;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Runs a list of tasks, and the parallel parts inside them, on a fixed number of threads. Idle
 * threads first help with parts of running tasks and only then start a new one, and a thread that
 * waits for its parts starts nothing else: never more tasks than threads are under way, which
 * bounds the memory they hold. (A work-stealing pool gives no such bound.) One lock is enough,
 * because a part is a band of a tensor, not an element.
 */
final class WorkPool {
    /** A task. */
    @FunctionalInterface
    interface Task {
        void run() throws IOException;
    }

    private final int threads;
    private final Object lock = new Object();
    private final Deque<Task> waiting;
    private final Deque<Parts> open = new ArrayDeque<>();
    private int running;
    private boolean wasInterrupted;
    private @Nullable Throwable failure;

    private WorkPool(int threads, List<Task> tasks) {
        this.threads = threads;
        this.waiting = new ArrayDeque<>(tasks);
    }

    /** A list of tasks to be; tasks may use {@link #parallel} of the pool they are given. */
    @FunctionalInterface
    interface Tasks {
        List<Task> in(WorkPool pool);
    }

    /** Runs all tasks and returns when every thread has finished; throws the first failure. */
    static void run(int threads, Tasks tasks) throws IOException {
        WorkPool pool = new WorkPool(threads, List.of());
        pool.waiting.addAll(tasks.in(pool));
        List<Thread> helpers = new ArrayList<>();
        for (int i = 1; i < pool.threads; i++) {
            helpers.add(Thread.ofPlatform().daemon().name("fewbit-writer-" + i).start(pool::work));
        }
        pool.work();
        for (Thread helper : helpers) {
            pool.join(helper);
        }
        if (pool.wasInterrupted) {
            Thread.currentThread().interrupt();
        }
        pool.throwFailure();
    }

    /** Runs {@code task} for all indices; see {@link FillContext#parallel}. */
    void parallel(int count, FillContext.Task task) throws IOException {
        Parts parts = new Parts(task, count);
        synchronized (lock) {
            open.addFirst(parts);
            lock.notifyAll();
        }
        for (int index = claim(parts); index >= 0; index = claim(parts)) {
            runPart(parts, index);
        }
        synchronized (lock) {
            open.remove(parts);
            while (parts.running > 0) {
                await();
            }
        }
        throwFailure();
    }

    private void work() {
        while (true) {
            Task task = null;
            Parts parts = null;
            int index = -1;
            synchronized (lock) {
                while (task == null && parts == null) {
                    if (failure != null) {
                        return;
                    }
                    parts = nextParts();
                    if (parts != null) {
                        index = parts.claim();
                    } else if (!waiting.isEmpty()) {
                        task = waiting.removeFirst();
                        running++;
                    } else if (running == 0) {
                        return;
                    } else {
                        await();
                    }
                }
            }
            if (parts != null) {
                runPart(parts, index);
            } else if (task != null) {
                runTask(task);
            }
        }
    }

    private @Nullable Parts nextParts() {
        for (Parts parts : open) {
            if (parts.next < parts.count) {
                return parts;
            }
        }
        return null;
    }

    private int claim(Parts parts) {
        synchronized (lock) {
            return failure == null && parts.next < parts.count ? parts.claim() : -1;
        }
    }

    private void runPart(Parts parts, int index) {
        try {
            parts.task.run(index);
        } catch (Throwable e) {
            fail(e);
        } finally {
            synchronized (lock) {
                parts.running--;
                lock.notifyAll();
            }
        }
    }

    private void runTask(Task task) {
        try {
            task.run();
        } catch (Throwable e) {
            fail(e);
        } finally {
            synchronized (lock) {
                running--;
                lock.notifyAll();
            }
        }
    }

    private void fail(Throwable cause) {
        synchronized (lock) {
            if (failure == null) {
                failure = cause;
            }
            lock.notifyAll();
        }
    }

    // Only called with the lock held and from loops that check their condition again.
    @SuppressWarnings("WaitNotInLoop")
    private void await() {
        try {
            lock.wait();
        } catch (InterruptedException e) {
            interrupted(e);
        }
    }

    private void join(Thread helper) {
        while (helper.isAlive()) {
            try {
                helper.join();
            } catch (InterruptedException e) {
                interrupted(e);
            }
        }
    }

    /**
     * Ends the work. The thread's interrupt status comes back when all threads have stopped, or
     * waiting would spin.
     */
    private void interrupted(InterruptedException cause) {
        InterruptedIOException e = new InterruptedIOException("Interrupted while writing a model");
        e.initCause(cause);
        fail(e);
        synchronized (lock) {
            wasInterrupted = true;
        }
    }

    private void throwFailure() throws IOException {
        Throwable cause;
        synchronized (lock) {
            cause = failure;
        }
        switch (cause) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IOException(cause);
        }
    }

    /** The parts of one call of {@link #parallel}. */
    private static final class Parts {
        final FillContext.Task task;
        final int count;
        int next;
        int running;

        Parts(FillContext.Task task, int count) {
            this.task = task;
            this.count = count;
        }

        int claim() {
            running++;
            return next++;
        }
    }
}
