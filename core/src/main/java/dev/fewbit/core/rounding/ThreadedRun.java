package dev.fewbit.core.rounding;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/** One call of {@link Workers#run} on threads of its own, which take index after index. */
final class ThreadedRun {

    private final int count;
    private final IntConsumer task;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    ThreadedRun(int count, IntConsumer task) {
        this.count = count;
        this.task = task;
    }

    void run(int threads) {
        List<Thread> helpers = new ArrayList<>();
        for (int i = 1; i < Math.min(threads, count); i++) {
            helpers.add(
                    Thread.ofPlatform().daemon().name("fewbit-rounding-" + i).start(this::work));
        }
        work();
        join(helpers);
        switch (failure.get()) {
            case null -> {}
            case RuntimeException thrown -> throw thrown;
            case Error thrown -> throw thrown;
            case Throwable other -> throw new IllegalStateException("a task failed", other);
        }
    }

    private void work() {
        for (int index = next.getAndIncrement();
                index < count && failure.get() == null;
                index = next.getAndIncrement()) {
            try {
                task.accept(index);
            } catch (RuntimeException | Error thrown) {
                failure.compareAndSet(null, thrown);
            }
        }
    }

    /** Waits whatever happens: the threads work on the caller's arrays. */
    private static void join(List<Thread> helpers) {
        boolean interrupted = false;
        for (Thread helper : helpers) {
            while (helper.isAlive()) {
                try {
                    helper.join();
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
