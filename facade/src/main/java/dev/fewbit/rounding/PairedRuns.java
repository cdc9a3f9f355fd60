package dev.fewbit.rounding;

import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.SessionSettings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

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

    /** A network that is written when it is needed. */
    @FunctionalInterface
    interface Network {
        /** Writes it; called once, from any thread. */
        Path write() throws IOException;
    }

    /** Writes and loads both side by side, since each keeps one thread busy, and runs them. */
    void run(Network first, Network second, List<Sample> samples, Taker taker)
            throws IOException, InterruptedException {
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            Future<ModelSession> pending = executor.submit(() -> open(first));
            try (ModelSession other = openBeside(pending, second);
                    ModelSession one = result(pending)) {
                run(executor, one, other, samples, taker);
            }
        }
    }

    /** Writes, loads and runs one. */
    void run(Network network, List<Sample> samples, Consumer<Map<String, NumberArray>> taker)
            throws IOException, InterruptedException {
        try (ExecutorService executor = Executors.newFixedThreadPool(threads);
                ModelSession session = open(network)) {
            for (List<Sample> part : chunks(samples)) {
                List<Future<Map<String, NumberArray>>> outputs = new ArrayList<>();
                part.forEach(sample -> outputs.add(executor.submit(() -> session.run(sample))));
                for (Future<Map<String, NumberArray>> each : outputs) {
                    taker.accept(result(each));
                }
            }
        }
    }

    private static ModelSession openBeside(Future<ModelSession> pending, Network network)
            throws IOException, InterruptedException {
        try {
            return open(network);
        } catch (IOException | RuntimeException failure) {
            try {
                pending.get().close();
            } catch (ExecutionException alsoFailed) {
                failure.addSuppressed(alsoFailed);
            }
            throw failure;
        }
    }

    private static ModelSession open(Network network) throws IOException {
        return ModelSession.open(network.write(), SessionSettings.withThreads(1));
    }

    private void run(
            ExecutorService executor,
            ModelSession one,
            ModelSession other,
            List<Sample> samples,
            Taker taker)
            throws IOException, InterruptedException {
        for (List<Sample> part : chunks(samples)) {
            List<Future<Map<String, NumberArray>>> ones = new ArrayList<>();
            List<Future<Map<String, NumberArray>>> others = new ArrayList<>();
            for (Sample sample : part) {
                ones.add(executor.submit(() -> one.run(sample)));
                others.add(executor.submit(() -> other.run(sample)));
            }
            for (int i = 0; i < part.size(); i++) {
                taker.take(result(ones.get(i)), result(others.get(i)));
            }
        }
    }

    /** As many as are in memory at a time. */
    private List<List<Sample>> chunks(List<Sample> samples) {
        List<List<Sample>> chunks = new ArrayList<>();
        int chunk = 2 * threads;
        for (int from = 0; from < samples.size(); from += chunk) {
            chunks.add(samples.subList(from, Math.min(from + chunk, samples.size())));
        }
        return chunks;
    }

    private static <T> T result(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case IOException io -> throw io;
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                case Throwable cause -> throw new IllegalStateException(cause);
                case null -> throw new IllegalStateException(failure);
            }
        }
    }
}
