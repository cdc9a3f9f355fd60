package dev.fewbit.tuning;

import dev.fewbit.runtime.data.NumberArray;
import dev.fewbit.runtime.data.Sample;
import dev.fewbit.runtime.session.ModelSession;
import dev.fewbit.runtime.session.SessionSettings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Runs models on samples, several samples side by side and each on one thread, so that the results
 * are the same for any number of threads.
 */
public final class SampleRuns {
    private final int threads;

    /** Runs on so many threads. */
    public SampleRuns(int threads) {
        this.threads = threads;
    }

    /**
     * Keeps some places of some outputs.
     *
     * @param wanted names of outputs, each with the axis of its channels
     * @param mostPlaces places of each sample at most
     */
    Map<String, SampledValues> sampled(
            Path model, Map<String, Integer> wanted, List<Sample> samples, int mostPlaces)
            throws InterruptedException {
        Map<String, SampledValues> values = new LinkedHashMap<>();
        wanted.forEach((name, axis) -> values.put(name, new SampledValues(axis, mostPlaces)));
        @SuppressWarnings("ArrayRecordComponent") // Handed over once, and not changed.
        record Part(NumberArray array, float[] values) {}
        each(
                model,
                samples,
                (number, outputs) -> {
                    Map<String, Part> parts = new LinkedHashMap<>();
                    values.forEach(
                            (name, sampling) -> {
                                NumberArray array = output(outputs, name, model);
                                parts.put(name, new Part(array, sampling.part(array, number)));
                            });
                    return parts;
                },
                parts ->
                        parts.forEach(
                                (name, part) ->
                                        Objects.requireNonNull(values.get(name))
                                                .add(part.array(), part.values())));
        return values;
    }

    /** Keeps some outputs as they are, one map for each sample. */
    public List<Map<String, NumberArray>> whole(Path model, List<Sample> samples)
            throws InterruptedException {
        List<Map<String, NumberArray>> results = new ArrayList<>();
        each(model, samples, (number, outputs) -> outputs, results::add);
        return results;
    }

    private static NumberArray output(Map<String, NumberArray> outputs, String name, Path model) {
        NumberArray array = outputs.get(name);
        if (array == null) {
            throw new IllegalStateException(
                    model + " has the outputs " + outputs.keySet() + ", not " + name);
        }
        return array;
    }

    /**
     * Runs a model and makes something of its outputs.
     *
     * @param work is called with the number of a sample and its outputs, by several threads
     * @param taker takes the results in the order of the samples; few are waited for at a time
     */
    public <T> void each(
            Path model,
            List<Sample> samples,
            BiFunction<Integer, Map<String, NumberArray>, T> work,
            Consumer<T> taker)
            throws InterruptedException {
        try (ModelSession session = ModelSession.open(model, SessionSettings.withThreads(1));
                ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (int from = 0; from < samples.size(); from += 2 * threads) {
                List<Future<T>> pending = new ArrayList<>();
                for (int i = from; i < Math.min(from + 2 * threads, samples.size()); i++) {
                    int number = i;
                    pending.add(
                            executor.submit(
                                    () -> work.apply(number, session.run(samples.get(number)))));
                }
                for (Future<T> each : pending) {
                    taker.accept(each.get());
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
