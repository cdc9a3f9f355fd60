package dev.fewbit.runtime.calibrate;

import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.ShapePrediction;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs samples through a model and folds what it gives into statistics, both at once.
 *
 * <p>A few threads do what there is to do. The first ones may run the model, each a sample of its
 * own on one core: many samples side by side cost less than many cores on one sample. They prefer
 * that to folding as long as there is an empty {@link Lane} to write to. All others, if there are
 * more cores, only fold. So no core is idle while there is work, and memory is bounded by the
 * number of lanes and by the bytes that samples in work may take together.
 *
 * <p>The order in which samples are folded is left to chance: statistics do not depend on it.
 */
final class Pipeline implements AutoCloseable {

    private final List<ValueCollector> values;
    private final int lanes;
    private final long mostBytes;
    private final List<Lane> all = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();

    /** What threads that run the model, threads that only fold, and the caller wait for. */
    private final Condition anyWork = lock.newCondition();

    private final Condition anyFold = lock.newCondition();
    private final Condition progress = lock.newCondition();

    // All below is guarded by the lock.
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Deque<Lane> idle = new ArrayDeque<>();
    private final Deque<Fold> folds = new ArrayDeque<>();
    private long usedBytes;
    private boolean noMore;
    private boolean stopped;
    private @Nullable Throwable failure;

    private record Waiting(Sample sample, long bytes) {}

    private sealed interface Job {}

    private record Inference(Lane lane, Waiting sample) implements Job {}

    private record Fold(Lane lane, int from, int to) implements Job {}

    /**
     * Starts the threads.
     *
     * @param session the model, which gives the values
     * @param values what to fold
     * @param shapes tells the shapes of values
     * @param threads threads that run the model
     * @param helpers threads that only fold
     * @param mostBytes bytes that the values of samples in work may take together, one sample apart
     */
    Pipeline(
            ModelSession session,
            List<ValueCollector> values,
            ShapePrediction shapes,
            int threads,
            int helpers,
            long mostBytes) {
        this.values = values;
        this.lanes = threads;
        this.mostBytes = mostBytes;
        // With helpers a second set of lanes is folded while the first is written.
        int count = helpers > 0 ? 2 * threads : threads;
        for (int i = 0; i < count; i++) {
            all.add(new Lane(session, values, shapes));
        }
        idle.addAll(all);
        for (int i = 0; i < threads + helpers; i++) {
            boolean infers = i < threads;
            this.threads.add(
                    Thread.ofPlatform()
                            .daemon()
                            .name("fewbit-calibration-" + i)
                            .start(() -> work(infers)));
        }
    }

    /**
     * Hands over a sample, and waits while enough others wait.
     *
     * @param bytes about how many bytes its values take
     * @throws IOException if an earlier sample failed so
     * @throws InterruptedException if the calling thread is interrupted
     */
    void put(Sample sample, long bytes) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            // Whoever waits is woken when there is room for several, not for each.
            if (waiting.size() >= 2 * lanes) {
                while (waiting.size() > lanes && !stopped) {
                    progress.await();
                }
            }
            rethrow();
            waiting.add(new Waiting(sample, bytes));
            anyWork.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until all samples are folded.
     *
     * @throws IOException if a sample failed so
     * @throws InterruptedException if the calling thread is interrupted
     */
    void finish() throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            noMore = true;
            wakeAll();
            while (!stopped && !done()) {
                progress.await();
            }
            rethrow();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the threads as soon as what they are doing is done, and frees the lanes. */
    @Override
    public void close() {
        lock.lock();
        try {
            stopped = true;
            wakeAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        all.forEach(Lane::close);
    }

    private void work(boolean infers) {
        try {
            for (Job job = next(infers); job != null; job = next(infers)) {
                switch (job) {
                    case Inference(Lane lane, Waiting sample) -> infer(lane, sample);
                    case Fold(Lane lane, int from, int to) -> fold(lane, from, to);
                }
            }
        } catch (IOException | RuntimeException | Error failed) {
            fail(failed);
        }
    }

    private @Nullable Job next(boolean infers) {
        lock.lock();
        try {
            while (!stopped && !done()) {
                Job job = take(infers);
                if (job != null) {
                    return job;
                }
                try {
                    (infers ? anyWork : anyFold).await();
                } catch (InterruptedException stranger) {
                    // These threads are known to nobody here; whoever interrupts one wants an end.
                    fail(stranger);
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Job take(boolean infers) {
        Waiting sample = waiting.peek();
        if (infers && sample != null && !idle.isEmpty() && admits(sample)) {
            waiting.remove();
            usedBytes += sample.bytes();
            if (waiting.size() <= lanes) {
                progress.signal();
            }
            return new Inference(idle.remove(), sample);
        }
        return folds.poll();
    }

    private boolean admits(Waiting sample) {
        return idle.size() == all.size() || usedBytes + sample.bytes() <= mostBytes;
    }

    private boolean done() {
        return noMore && waiting.isEmpty() && idle.size() == all.size();
    }

    private void infer(Lane lane, Waiting sample) {
        lane.run(sample.sample(), sample.bytes());
        List<Fold> parts = new ArrayList<>();
        for (int from = 0; from < values.size(); ) {
            int to = lane.partEnd(from);
            parts.add(new Fold(lane, from, to));
            from = to;
        }
        lock.lock();
        try {
            lane.parts = parts.size();
            folds.addAll(parts);
            anyFold.signalAll();
            if (parts.size() > 1) {
                anyWork.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void fold(Lane lane, int from, int to) throws IOException {
        lane.fold(from, to);
        lock.lock();
        try {
            lane.parts--;
            if (lane.parts > 0) {
                return;
            }
        } finally {
            lock.unlock();
        }
        // Only this thread knows the lane now. The first lane needs no share: one sample may
        // take more than all are meant to.
        long bytes = lane.bytes();
        lane.trim(mostBytes / all.size());
        lock.lock();
        try {
            usedBytes -= bytes;
            idle.add(lane);
            anyWork.signal();
            if (done()) {
                wakeAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void fail(Throwable failed) {
        lock.lock();
        try {
            if (failure == null) {
                failure = failed;
            }
            stopped = true;
            wakeAll();
        } finally {
            lock.unlock();
        }
    }

    private void wakeAll() {
        anyWork.signalAll();
        anyFold.signalAll();
        progress.signalAll();
    }

    private void rethrow() throws IOException {
        switch (failure) {
            case null -> {}
            case IOException thrown -> throw thrown;
            case RuntimeException thrown -> throw thrown;
            case Error thrown -> throw thrown;
            case Throwable other ->
                    throw new IllegalStateException("a thread of the calibration ended", other);
        }
    }
}
