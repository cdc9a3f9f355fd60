package dev.fewbit.rounding;

import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.SessionSettings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs two networks on the same samples and hands on what both make, sample by sample in their
 * order; a few samples at a time are in memory. Each runs on one thread, several side by side, so
 * that results are the same for any number of threads.
 */
final class PairedRuns {
    private final int threads;

    PairedRuns(int threads) {
        this.threads = threads;
    }

    /** Takes the outputs of both networks. */
    @FunctionalInterface
    interface Taker {
        /** Called in the order of the samples. */
        void take(Map<String, NumberArray> first, Map<String, NumberArray> second);
    }

    /** Runs both. */
    void run(Path first, Path second, List<Sample> samples, Taker taker)
            throws InterruptedException {
        SessionSettings settings = SessionSettings.withThreads(1);
        try (ModelSession one = ModelSession.open(first, settings);
                ModelSession other = ModelSession.open(second, settings);
                ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            int chunk = 2 * threads;
            for (int from = 0; from < samples.size(); from += chunk) {
                List<Sample> part = samples.subList(from, Math.min(from + chunk, samples.size()));
                List<Future<Map<String, NumberArray>>> ones = new ArrayList<>();
                List<Future<Map<String, NumberArray>>> others = new ArrayList<>();
                for (Sample sample : part) {
                    ones.add(executor.submit(() -> one.run(sample)));
                    others.add(executor.submit(() -> other.run(sample)));
                }
                for (int i = 0; i < part.size(); i++) {
                    taker.take(ones.get(i).get(), others.get(i).get());
                }
            }
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException(failure.getCause());
        }
    }
}
