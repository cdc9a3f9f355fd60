package dev.fewbit.planning.integer;

import dev.fewbit.core.affine.AffineParameters;
import dev.fewbit.core.calibrate.ActivationRange;
import dev.fewbit.core.calibrate.ActivationRanges;
import dev.fewbit.core.format.Affine;
import dev.fewbit.core.statistics.OctaveHistogram;
import dev.fewbit.core.statistics.TensorStatistics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Remembers the levels that were found for statistics, so that making many plans of one model does
 * not search for the same levels again and again. Not thread-safe.
 */
public final class FoundLevels {
    /** Searches that are worth a thread of their own. */
    private static final int LEAST_FOR_THREAD = 16;

    private final int threads;
    private final IdentityHashMap<TensorStatistics, Map<Wanted, AffineParameters>> found =
            new IdentityHashMap<>();

    private record Wanted(ActivationRange range, Affine format) {}

    /**
     * Levels that are needed.
     *
     * @param statistics statistics that are not added to any more
     * @param values what counts of them
     * @param range how the range is found
     * @param format number format of the codes
     */
    record Request(
            TensorStatistics statistics,
            OctaveHistogram values,
            ActivationRange range,
            Affine format) {

        private Wanted wanted() {
            return new Wanted(range, format);
        }

        private AffineParameters search() {
            return ActivationRanges.find(values, range, format);
        }
    }

    /**
     * Begins with nothing.
     *
     * @param threads threads that search, at least 1; they do not change what is found
     */
    public FoundLevels(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be 1 or more, got " + threads);
        }
        this.threads = threads;
    }

    /** Levels of an activation. */
    AffineParameters find(Request request) {
        return of(request.statistics()).computeIfAbsent(request.wanted(), _ -> request.search());
    }

    /** Finds the levels of many activations at once. */
    void findAll(List<Request> requests) {
        List<Request> missing =
                requests.stream()
                        .filter(each -> !of(each.statistics()).containsKey(each.wanted()))
                        .toList();
        AffineParameters[] levels = new AffineParameters[missing.size()];
        AtomicInteger next = new AtomicInteger();
        Runnable search =
                () -> {
                    for (int i = next.getAndIncrement();
                            i < levels.length;
                            i = next.getAndIncrement()) {
                        levels[i] = missing.get(i).search();
                    }
                };
        List<FutureTask<?>> others = new ArrayList<>();
        for (int i = 1; i < Math.min(threads, levels.length / LEAST_FOR_THREAD); i++) {
            FutureTask<?> other = new FutureTask<>(search, null);
            others.add(other);
            Thread.ofPlatform().daemon().name("fewbit-levels-" + i).start(other);
        }
        search.run();
        others.forEach(FoundLevels::await);
        for (int i = 0; i < levels.length; i++) {
            Request request = missing.get(i);
            of(request.statistics()).put(request.wanted(), levels[i]);
        }
    }

    private static void await(FutureTask<?> task) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    task.get();
                    return;
                } catch (InterruptedException again) {
                    // A search takes no time to speak of; who waits above looks at the flag.
                    interrupted = true;
                } catch (ExecutionException failed) {
                    throw new IllegalStateException("the search for levels failed", failed);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Map<Wanted, AffineParameters> of(TensorStatistics statistics) {
        return found.computeIfAbsent(statistics, _ -> new HashMap<>());
    }
}
